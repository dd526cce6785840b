#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "memspice/circuit.hpp"
#include "support/places.hpp"

using namespace memspice;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> decks() {
  std::vector<std::string> texts = {
      "title\n.param a={1+2*sqrt(b)} b=4\n.func f(x,y) {if(x>y, x, max(y,1))}\n"
      ".subckt s p q params: r={f(a,b)}\nR1 p q {r}\nX1 p q t\n.subckt t p q\nY1 p q mem w0='0.5*1'\n.ends "
      "t\n.ends\n"
      ".model mem memristor (level=1 ron=100\n* between\n+ roff=16k control=voltage)\n"
      "V1 in 0 DC 1 AC 1 0 PULSE(0 1 0 1n 1n 1m 2m)\nV2 b 0 PWL(0 0, 1 1 2 0) r=0 td=1\nX1 in 0 s r=2\n"
      "YMEMRISTOR m in b mem xo=0.25\nC1 in 0 1u ic=0\nL1 b 0 1m\nI1 0 b SIN 0 1 1k\n.ic v(in)=1 "
      "w(x1.x1.y1)=0.2\n"
      ".save v(*) i(v1), v(in,b) @y1[w]\n.options reltol=1e-5 interp gmin=1\n.omega tol=1e-3\n.tran 1u 1m "
      "uic\n.end\n",
      "title\n.param k=2\n.lib part\nR9 a 0 1\n.endl part\n.if (k==1)\nR1 a 0 1\n.elseif (k==2)\n.param r=5\n"
      ".subckt s p params: n=1\n.if (n>1)\nR1 p 0 {n}\n.else\n.macro t q\nR1 q 0 {r}\n.eom\nX1 p "
      "t\n.endif\n.ends\n"
      "X1 a s\nX2 a s n=2\n.else\n.endif\nV1 a 0 1\n.options timeint reltol=1e-4\n.control\nset "
      "units=degrees\n"
      "op\nforeach x 1 2\ntran 1 2\nend\ntran 1u 1m\nprint v(a)\nplot v(a) vs v(a) title t\nwrite f "
      "v(a)\nrun\nquit\n"
      ".endc\n.backanno\n.tran 1u 1m\n.end\n"};
  for (const auto& entry :
       fs::directory_iterator(fs::path(memspice::testing::project_folder()) / "tests/decks/bad")) {
    if (entry.path().extension() != ".cir") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    texts.push_back(text.str());
  }
  return texts;
}

void damage(std::string& text, std::mt19937& random, const std::string& other) {
  static constexpr std::string_view bits[] = {
      "(",    ")",     "{",      "}",     "'",     "\"",    "=",  ",", "\n+", "\n",
      "\n.",  " ",     "*",      "$ ",    "1e",    "-",     "**", "?", ":",   "\xc2",
      "\x01", ".ends", ".endif", ".if (", ".else", ".endc", "0",  "y", "1k5", "..."};
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  const std::size_t at = below(text.size());
  switch (below(5)) {
    case 0:
      text.erase(at, 1 + below(8));
      break;
    case 1:
      text.insert(at, bits[below(std::size(bits))]);
      break;
    case 2:
      if (!text.empty()) text[at] = static_cast<char>(random());
      break;
    case 3:
      text.insert(at, other.substr(below(other.size()), below(40)));
      break;
    default:
      text.resize(at);
  }
}

}  // namespace

TEST_CASE("a damaged deck gives a circuit or a message, never a crash") {
  const std::vector<std::string> good = decks();
  std::mt19937 random(1);
  int circuits = 0, messages = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = good[random() % 4 == 0 ? random() % good.size() : random() % 2];
    for (std::size_t n = 1 + random() % 4; n > 0; --n) damage(text, random, good[random() % good.size()]);
    try {
      elaborate(parse_text(text));
      ++circuits;
    } catch (const DeckError& error) {
      REQUIRE_FALSE(error.diagnostics().empty());
      ++messages;
    }
  }
  CHECK(circuits > 100);
  CHECK(messages > 100);
}
