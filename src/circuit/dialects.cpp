#include <fmt/format.h>

#include "circuit/elaborator.hpp"
#include "deck/characters.hpp"

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

std::string_view find_mark(std::string_view text, char mark) {
  const std::size_t at = text.find(mark);
  return at == std::string_view::npos ? std::string_view() : text.substr(at, 1);
}

}  // namespace

void Elaborator::check_dialect() {
  if (xyce_at_.empty() && ltspice_at_.empty()) return;
  const bool xyce = !xyce_at_.empty();
  const std::string_view name = xyce ? "Xyce" : "LTspice";
  const std::string looks =
      fmt::format("this deck looks like one for {}: '{}'", name, xyce ? xyce_at_ : ltspice_at_);
  std::string_view power, logarithm, node;  // the first of each
  for (const Card& card : deck_.cards) {
    const std::string_view text = deck_.text(card);
    const bool has_power = power.empty() && !find_mark(text, '^').empty();
    const bool has_logarithm = xyce && logarithm.empty() && !find_call(text, "log").empty();
    const bool may_have_node = xyce && !replace_ground_ && node.empty() && text.front() != '.' &&
                               (!find_mark(text, 'g').empty() || !find_mark(text, 'G').empty());
    if (!has_power && !has_logarithm && !may_have_node) continue;
    try {
      reader_.start(text);
    } catch (const Problem&) {
      continue;
    }
    for (; !reader_.at_end(); reader_.take()) {
      const Token& token = reader_.peek();
      if (token.is(Token::Kind::string)) continue;
      if (power.empty()) power = find_mark(token.text, '^');
      if (xyce && logarithm.empty()) {
        logarithm = find_call(token.text, "log");
        if (reader_.peek(1).is(Token::Kind::open) && ends_with_name(token.text, "log"))
          logarithm = token.text.substr(token.text.size() - 3);
      }
      if (may_have_node && node.empty() && same_word(token.text, "gnd")) node = token.text;
    }
  }
  if (!power.empty())
    messages_.warning({power, fmt::format("'^' is a power here; {} takes it for exclusive or", name),
                       looks + "; '**' is a power in all"});
  if (!logarithm.empty())
    messages_.warning({logarithm, "log() is the natural logarithm here; Xyce's is to base 10",
                       looks + "; ln() and log10() mean the same in all"});
  if (!node.empty())
    messages_.warning(
        {node, "'gnd' is ground here; Xyce takes it for a node like any other", looks + "; call ground 0"});
}

}  // namespace memspice
