#include <fmt/format.h>

#include <array>
#include <span>

#include "base/characters.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

// Where `name(` stands in an expression; nothing when it does not.
std::string_view find_call(std::string_view text, std::string_view name) {
  for (std::size_t at = 0; at + name.size() < text.size(); ++at) {
    const std::string_view here = text.substr(at, name.size());
    if (!same_word(here, name) || (at > 0 && is_name(text[at - 1]))) continue;
    const std::size_t after = text.find_first_not_of(" \t", at + name.size());
    if (after != std::string_view::npos && text[after] == '(') return here;
  }
  return {};
}

bool ends_with_name(std::string_view text, std::string_view name) {
  if (text.size() < name.size()) return false;
  const std::size_t at = text.size() - name.size();
  return same_word(text.substr(at), name) && (at == 0 || !is_name(text[at - 1]));
}

bool mentions_gnd(std::string_view text) {
  for (std::size_t at = text.find_first_of("gG"); at != std::string_view::npos;
       at = text.find_first_of("gG", at + 1))
    if (same_word(text.substr(at, 3), "gnd")) return true;
  return false;
}

std::string_view find_mark(std::string_view text, char mark) {
  const std::size_t at = text.find(mark);
  return at == std::string_view::npos ? std::string_view() : text.substr(at, 1);
}

// The first call of one of these functions in a card, whose reader stands at its beginning.
std::string_view find_call(CardReader reader, std::span<const std::string_view> names) {
  for (; !reader.at_end(); reader.take()) {
    const std::string_view text = reader.peek().text;
    for (const std::string_view name : names) {
      if (const std::string_view call = find_call(text, name); !call.empty()) return call;
      if (reader.peek(1).is(Token::Kind::open) && ends_with_name(text, name))
        return text.substr(text.size() - name.size());
    }
  }
  return {};
}

constexpr std::array<std::string_view, 1> logarithms{"log"};
constexpr std::array<std::string_view, 1> open_lines{"pwl"};
constexpr std::array<std::string_view, 1> signed_powers{"pwr"};
constexpr std::array<std::string_view, 5> phases{"vp", "ip", "ph", "cph", "phase"};

}  // namespace

void Elaborator::name_difference(std::string_view at, const Difference& difference) {
  if (!named_differences_.insert(difference.here).second) return;
  messages_.warning({at, std::string(difference.here), std::string(difference.elsewhere)});
}

void Elaborator::check_dialect() {
  const bool xyce = !xyce_at_.empty();
  if (!xyce && ltspice_at_.empty() && degrees_at_.empty()) return;
  const std::string_view name = xyce ? "Xyce" : "LTspice";
  const bool foreign = xyce || !ltspice_at_.empty();
  const bool degrees = xyce || !degrees_at_.empty();
  const std::string looks =
      fmt::format("this deck looks like one for {}: '{}'", name, xyce ? xyce_at_ : ltspice_at_);
  const bool ltspice = !ltspice_at_.empty();
  std::string_view power, logarithm, lines, signed_power, phase, node, coil;  // the first of each
  for (const Card& card : deck_.cards) {
    const std::string_view text = deck_.text(card);
    const bool may_have_call = !find_mark(text, '(').empty();
    const bool bare_coil = ltspice && coil.empty() && lower(text.front()) == 'l';
    const bool may_have_node =
        xyce && !replace_ground_ && node.empty() && text.front() != '.' && mentions_gnd(text);
    if (!may_have_call && !may_have_node && !bare_coil && find_mark(text, '^').empty()) continue;
    try {
      reader_.start(text);
    } catch (const Problem&) {  // a command that is not run
      continue;
    }
    if (may_have_call && xyce && logarithm.empty()) logarithm = find_call(reader_, logarithms);
    const bool expression =
        lower(text.front()) != 'v' && lower(text.front()) != 'i';  // PWL() is a waveform there
    if (may_have_call && xyce && expression && lines.empty()) lines = find_call(reader_, open_lines);
    if (may_have_call && ltspice && signed_power.empty()) signed_power = find_call(reader_, signed_powers);
    if (may_have_call && degrees && phase.empty()) phase = find_call(reader_, phases);
    if (bare_coil) coil = reader_.peek().text;
    for (; !reader_.at_end(); reader_.take()) {
      const Token& token = reader_.peek();
      if (bare_coil && same_word(token.text, "rser")) coil = {};
      if (token.is(Token::Kind::string)) continue;
      if (foreign && power.empty()) power = find_mark(token.text, '^');
      if (may_have_node && node.empty() && same_word(token.text, "gnd")) node = token.text;
    }
  }
  if (!power.empty()) messages_.warning({power, power_warning, looks + "; '**' is a power in all"});
  if (!logarithm.empty())
    messages_.warning({logarithm, "log() is the natural logarithm here; Xyce's is to base 10",
                       looks + "; ln() and log10() mean the same in all"});
  if (!lines.empty())
    messages_.warning({lines, "the outer lines of pwl() go on; Xyce's are constant beyond its points",
                       looks + "; table() is constant there in all"});
  if (!signed_power.empty())
    messages_.warning({signed_power, "pwr() of the running circuit has the sign of its first argument here",
                       looks + ", which takes the absolute value; abs(x)**y means the same in all"});
  if (!coil.empty())
    messages_.warning({coil, "an inductor has no resistance here; LTspice gives it 1 milliohm in series",
                       looks + "; write Rser=1m, or Rser=0 for none"});
  if (!phase.empty())
    messages_.warning(
        {phase, fmt::format("{}() is in radians here", phase),
         xyce ? looks + ", which gives degrees" : fmt::format("'{}' has no effect", degrees_at_)});
  if (!node.empty())
    messages_.warning(
        {node, "'gnd' is ground here; Xyce takes it for a node like any other", looks + "; call ground 0"});
}

}  // namespace memspice
