#include "netlist/elements/asked_pins.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/lines.hpp"
#include "circuit/pin_names.hpp"

namespace memspice {
namespace {

/// Where the argument of the next ix( begins; the text's end: there is none.
std::size_t find_call(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i + 2 < text.size(); ++i) {
    if (lower(text[i]) != 'i' || lower(text[i + 1]) != 'x') continue;
    if (i > 0 && (is_letter(text[i - 1]) || is_digit(text[i - 1]) || text[i - 1] == '_')) continue;
    const std::size_t open = text.find_first_not_of(" \t", i + 2);
    if (open != std::string_view::npos && text[open] == '(') return open + 1;
  }
  return text.size();
}

}  // namespace

void note_asked_pins(Elaboration& elaboration) {
  for (const std::size_t index : elaboration.top.commands) {
    const std::string_view text = elaboration.deck.text(elaboration.deck.cards[index]);
    // Each point of .step comes here, whose cards may be as long as there are points.
    const CardKind* const kind = elaboration.cards.find(to_lower(first_word(text)));
    if (kind == nullptr || kind->group != CardGroup::outputs) continue;
    for (std::size_t at = find_call(text, 0); at < text.size(); at = find_call(text, at)) {
      std::string argument = to_lower(text.substr(at, text.find(')', at) - at));
      std::erase_if(argument, [](char c) { return c == ' ' || c == '\t'; });
      elaboration.instances.asked_pins.push_back(pin_pattern(argument));
    }
  }
}

void add_asked_pins(CardContext& card, std::string_view at, const std::string& instance, Scope& inner) {
  for (std::size_t i = 0; i < inner.pins.size(); ++i) {
    const std::string name = fmt::format("{}:{}", instance, to_lower(inner.body->pins[i]));
    const auto asks = [&](const std::string& pattern) { return matches_pin(pattern, name); };
    if (std::ranges::none_of(card.elaboration.instances.asked_pins, asks)) continue;
    if (card.circuit.node_names.find(name) != NameTable::npos)
      throw Problem{at, fmt::format("the node '{}' that ix({}) needs inside exists already", name, name),
                    "give that node another name"};
    spend(card.elaboration, Resource::elements, 1, at);
    Source source;
    source.where = card.where;
    source.plus = card.node(inner.pins[i].name);
    source.minus = card.circuit.node_names.intern(name);
    source.name = card.elaboration.names.new_element(name, at);
    card.circuit.hidden_nodes.push_back(source.minus);
    inner.pins[i].node = source.minus;
    card.circuit.voltage_sources.push_back(std::move(source));
  }
}

}  // namespace memspice
