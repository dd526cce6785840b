// Changes a deck as a writer of decks would: by cards and words, where bytes alone seldom make another deck.
#include "fuzz/deck_mutator.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace memspice::fuzz {
namespace {

constexpr std::string_view cards[] = {"R9 a b 1k",
                                      "R9 a b r={v(a)+1}",
                                      "C9 a b 1u ic=0",
                                      "L9 a b 1m",
                                      "K9 L1 L2 0.9",
                                      "V9 a 0 dc 1 ac 1",
                                      "V9 a 0 pulse(0 1 0 1n 1n 1m 2m)",
                                      "V9 a 0 sin(0 1 1k)",
                                      "V9 a 0 pwl(0 0 1m 1 2m 0) r=0",
                                      "V9 a 0 exp(0 1 1u 1u 1m 1u)",
                                      "V9 a 0 sffm(0 1 1k 2 100)",
                                      "V9 a 0 trnoise(1 1u 0 0)",
                                      "V9 a 0 trrandom(4 1u 0 1)",
                                      "I9 a 0 1m",
                                      "B9 a 0 v={v(b)*time}",
                                      "B9 a 0 i={if(v(a)>1, 1, -1)}",
                                      "E9 a 0 b 0 2",
                                      "E9 a 0 poly(2) b 0 c 0 0 1 1",
                                      "E9 a 0 table {v(b)} = (0,0) (1,2)",
                                      "F9 a 0 V1 2",
                                      "G9 a 0 b 0 1m",
                                      "H9 a 0 V1 10",
                                      "T9 a 0 b 0 z0=50 td=1n",
                                      "S9 a b c 0 sw",
                                      ".model sw sw(vt=0.5 vh=0.1)",
                                      "W9 a b V1 csw",
                                      ".model csw csw(it=1m)",
                                      "D9 a b d",
                                      ".model d d(is=1e-14 rs=1 cjo=1p tt=1n)",
                                      "Q9 a b c q",
                                      ".model q npn(bf=100 vaf=50 cje=1p)",
                                      "M9 a b c 0 m w=1u l=1u",
                                      ".model m nmos(level=1 vto=0.7)",
                                      "J9 a b c j",
                                      ".model j njf(vto=-2)",
                                      "Z9 a b c z",
                                      ".model z nmf(vto=-2)",
                                      "Y9 a b mem w0=0.3",
                                      ".model mem memristor(level=1 ron=100 roff=16k)",
                                      ".model mem memristor(level=6)",
                                      ".model mem memristor(level=2)",
                                      ".model mem memristor(level=3)",
                                      ".model mem memristor(level=5)",
                                      ".subckt s p q params: n=1",
                                      "X9 a b s n=2",
                                      ".ends",
                                      ".if (a>1)",
                                      ".elseif (a==2)",
                                      ".else",
                                      ".endif",
                                      ".param a=2",
                                      ".param b={a*2}",
                                      ".func f(x,y)={x*y+1}",
                                      ".op",
                                      ".tran 0.1m 1m",
                                      ".tran 0.1m 1m uic",
                                      ".dc V1 0 1 0.5",
                                      ".ac dec 2 1 1k",
                                      ".noise v(a) V1 dec 2 1 1k",
                                      ".tf v(a) V1",
                                      ".sens v(a)",
                                      ".step param a 1 3 1",
                                      ".step R1 list 1 2",
                                      ".mc 3",
                                      ".temp 27 50",
                                      ".ic v(a)=1",
                                      ".nodeset v(a)=1",
                                      ".save v(*) i(*)",
                                      ".print tran v(a)",
                                      ".print tran {v(a)*2}",
                                      ".measure tran x find v(a) at=0.5m",
                                      ".measure tran x trig v(a) val=0.1 rise=1 targ v(a) val=0.5 fall=1",
                                      ".measure tran x max v(a)",
                                      ".four 1k v(a)",
                                      ".fixedpoint",
                                      ".eigen",
                                      ".omega",
                                      ".invariants",
                                      ".functional",
                                      ".network",
                                      ".options reltol=1e-4 interp",
                                      ".options integrator=network",
                                      ".options method=gear maxord=2",
                                      ".options gmin=1e-9 temp=50",
                                      ".global vdd",
                                      ".control",
                                      "tran 0.1m 1m",
                                      "let x = 1",
                                      "set y = 2",
                                      "foreach i 1 2",
                                      "end",
                                      "echo $x",
                                      ".endc",
                                      ".end",
                                      "+ r=2",
                                      "* comment",
                                      ".include other.cir",
                                      ".lib x y",
                                      ".endl",
                                      ".edges file.txt mem"};

constexpr std::string_view words[] = {"0",
                                      "1",
                                      "-1",
                                      "1k",
                                      "1meg",
                                      "1e300",
                                      "-1e300",
                                      "1e-300",
                                      "1e308",
                                      "1e309",
                                      "nan",
                                      "inf",
                                      "0.5",
                                      "2147483648",
                                      "9223372036854775808",
                                      "a",
                                      "b",
                                      "c",
                                      "0",
                                      "in",
                                      "out",
                                      "x9.a",
                                      "V1",
                                      "R1",
                                      "=",
                                      "(",
                                      ")",
                                      "{",
                                      "}",
                                      "'",
                                      "\"",
                                      ",",
                                      "params:",
                                      "uic",
                                      "off",
                                      "ic=0",
                                      "tc=1,2",
                                      "m=2",
                                      "dc",
                                      "ac",
                                      "temp=50",
                                      "level=2",
                                      "v(a)",
                                      "i(V1)",
                                      "v(a,b)",
                                      "time",
                                      "temper",
                                      "hertz",
                                      "{a}",
                                      "{1/0}",
                                      "{sqrt(-1)}",
                                      "{f(1,2)}",
                                      "'a*2'",
                                      "*",
                                      "**",
                                      "^",
                                      "?",
                                      ":",
                                      "!",
                                      "&&",
                                      "w(y1)",
                                      "@r1[r]",
                                      "ddt(v(a))",
                                      "idt(v(a))",
                                      "table(v(a),0,0,1,1)",
                                      "if(v(a)>0,1,2)",
                                      "rnd()",
                                      "gauss(1,0.1,3)",
                                      "delay(v(a),1u)",
                                      "sdt(v(a))",
                                      "limit(v(a),0,1)",
                                      "file=x",
                                      "list",
                                      "dec",
                                      "lin",
                                      "oct",
                                      "r=0",
                                      "td=0"};

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Where the words and the signs between them begin and end.
std::vector<std::pair<std::size_t, std::size_t>> words_of(const std::string& line) {
  constexpr std::string_view signs = " \t(){}=,'\"*/+-";
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at + 1;
    if (signs.find(line[at]) == std::string_view::npos)
      end = std::min(line.find_first_of(signs, at), line.size());
    if (line[at] != ' ') found.emplace_back(at, end - at);
    at = end;
  }
  return found;
}

class Mutation {
 public:
  Mutation(Lines& lines, unsigned seed) : lines_(lines), random_(seed) {}

  void change() {
    if (lines_.empty()) lines_.emplace_back("title");
    switch (below(12)) {
      case 0:
        insert(std::string(cards[below(std::size(cards))]));
        break;
      case 1:
        insert(any_line());
        break;
      case 2:
        lines_.erase(place());
        break;
      case 3:
        std::swap(any_line(), any_line());
        break;
      case 4:
        nest();
        break;
      case 5:
        wrap("{", "}");
        break;
      case 6:
        append();
        break;
      case 7:
        any_line() = std::string(cards[below(std::size(cards))]);
        break;
      default:
        replace_word();
    }
  }

 private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }
  Lines::iterator place() { return lines_.begin() + static_cast<std::ptrdiff_t>(below(lines_.size())); }
  std::string& any_line() { return *place(); }
  void insert(const std::string& line) { lines_.insert(place() + 1, std::string(line)); }

  std::string any_word() {
    const std::string& line = any_line();
    const auto found = words_of(line);
    if (found.empty() || below(2) == 0) return std::string(words[below(std::size(words))]);
    const auto [at, length] = found[below(found.size())];
    return line.substr(at, length);
  }
  void replace_word() {
    const std::string word = any_word();
    std::string& line = any_line();
    const auto found = words_of(line);
    if (found.empty()) return;
    const auto [at, length] = found[below(found.size())];
    switch (below(4)) {
      case 0:
        line.insert(at, word + " ");
        break;
      case 1:
        line.erase(at, length);
        break;
      default:
        line.replace(at, length, word);
    }
  }
  void append() { any_line() += " " + any_word(); }
  void wrap(const char* open, const char* close) {
    std::string& line = any_line();
    const auto found = words_of(line);
    if (found.empty()) return;
    const auto [at, length] = found[below(found.size())];
    line.insert(at + length, close).insert(at, open);
  }
  /// A few lines into a subcircuit or a condition.
  void nest() {
    const std::size_t first = below(lines_.size()), last = first + below(lines_.size() - first);
    const bool subcircuit = below(2) == 0;
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(last) + 1, subcircuit ? ".ends" : ".endif");
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(first),
                  subcircuit ? ".subckt s a b" : ".if (1)");
  }

  Lines& lines_;
  std::minstd_rand random_;
};

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

}  // namespace

std::string mutated_deck(std::string_view deck, unsigned seed) {
  Lines lines = lines_of(deck);
  std::minstd_rand random(seed);
  for (std::size_t n = 1 + random() % 4; n > 0; --n)
    Mutation(lines, static_cast<unsigned>(random())).change();
  return joined(lines);
}

std::string crossed_decks(std::string_view first, std::string_view second, unsigned seed) {
  Lines lines = lines_of(first);
  const Lines others = lines_of(second);
  std::minstd_rand random(seed);
  if (others.empty()) return joined(lines);
  const std::size_t from = random() % others.size(), count = 1 + random() % (others.size() - from);
  const std::size_t at = lines.empty() ? 0 : random() % lines.size();
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at),
               others.begin() + static_cast<std::ptrdiff_t>(from),
               others.begin() + static_cast<std::ptrdiff_t>(from + count));
  return joined(lines);
}

}  // namespace memspice::fuzz
