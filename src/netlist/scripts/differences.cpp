#include <fmt/format.h>

#include <array>
#include <span>

#include "base/characters.hpp"
#include "netlist/scripts/scripts.hpp"

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

void check_dialect(Elaboration& elaboration) {
  const bool xyce = !elaboration.dialect.xyce_at.empty();
  if (!xyce && elaboration.dialect.ltspice_at.empty() && elaboration.dialect.degrees_at.empty()) return;
  const std::string_view name = xyce ? "Xyce" : "LTspice";
  const bool foreign = xyce || !elaboration.dialect.ltspice_at.empty();
  const bool degrees = xyce || !elaboration.dialect.degrees_at.empty();
  const std::string looks = fmt::format("this deck looks like one for {}: '{}'", name,
                                        xyce ? elaboration.dialect.xyce_at : elaboration.dialect.ltspice_at);
  const bool ltspice = !elaboration.dialect.ltspice_at.empty();
  std::string_view power, logarithm, lines, signed_power, phase, node, coil;  // the first of each
  for (const Card& card : elaboration.deck.cards) {
    const std::string_view text = elaboration.deck.text(card);
    const bool may_have_call = !find_mark(text, '(').empty();
    const bool bare_coil = ltspice && coil.empty() && lower(text.front()) == 'l';
    const bool may_have_node = xyce && !elaboration.dialect.replaces_ground && node.empty() &&
                               text.front() != '.' && mentions_gnd(text);
    if (!may_have_call && !may_have_node && !bare_coil && find_mark(text, '^').empty()) continue;
    try {
      elaboration.reader.start(text);
    } catch (const Problem&) {  // a command that is not run
      continue;
    }
    if (may_have_call && xyce && logarithm.empty()) logarithm = find_call(elaboration.reader, logarithms);
    const bool expression =
        lower(text.front()) != 'v' && lower(text.front()) != 'i';  // PWL() is a waveform there
    if (may_have_call && xyce && expression && lines.empty())
      lines = find_call(elaboration.reader, open_lines);
    if (may_have_call && ltspice && signed_power.empty())
      signed_power = find_call(elaboration.reader, signed_powers);
    if (may_have_call && degrees && phase.empty()) phase = find_call(elaboration.reader, phases);
    if (bare_coil) coil = elaboration.reader.peek().text;
    for (; !elaboration.reader.at_end(); elaboration.reader.take()) {
      const Token& token = elaboration.reader.peek();
      if (bare_coil && same_word(token.text, "rser")) coil = {};
      if (token.is(Token::Kind::string)) continue;
      if (foreign && power.empty()) power = find_mark(token.text, '^');
      if (may_have_node && node.empty() && same_word(token.text, "gnd")) node = token.text;
    }
  }
  if (!power.empty())
    elaboration.messages.warning({power, power_warning, looks + "; '**' is a power in all"});
  if (!logarithm.empty())
    elaboration.messages.warning({logarithm, "log() is the natural logarithm here; Xyce's is to base 10",
                                  looks + "; ln() and log10() mean the same in all"});
  if (!lines.empty())
    elaboration.messages.warning({lines,
                                  "the outer lines of pwl() go on; Xyce's are constant beyond its points",
                                  looks + "; table() is constant there in all"});
  if (!signed_power.empty())
    elaboration.messages.warning(
        {signed_power, "pwr() of the running circuit has the sign of its first argument here",
         looks + ", which takes the absolute value; abs(x)**y means the same in all"});
  if (!coil.empty())
    elaboration.messages.warning({coil,
                                  "an inductor has no resistance here; LTspice gives it 1 milliohm in series",
                                  looks + "; write Rser=1m, or Rser=0 for none"});
  if (!phase.empty())
    elaboration.messages.warning({phase, fmt::format("{}() is in radians here", phase),
                                  xyce ? looks + ", which gives degrees"
                                       : fmt::format("'{}' has no effect", elaboration.dialect.degrees_at)});
  if (!node.empty())
    elaboration.messages.warning(
        {node, "'gnd' is ground here; Xyce takes it for a node like any other", looks + "; call ground 0"});
}

}  // namespace memspice
