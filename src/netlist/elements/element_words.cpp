#include "netlist/elements/element_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/spelling.hpp"

namespace memspice {

std::pair<NodeId, NodeId> two_nodes(CardContext& card, std::string_view name) {
  if (card.reader.count_words() < 2) throw Problem{name, fmt::format("'{}' needs 2 nodes (n+ n-)", name)};
  const NodeId plus = card.node(card.reader.word("a node"));
  return {plus, card.node(card.reader.word("a node"))};
}

std::string_view listed_word(CardReader& reader, std::string_view what) {
  reader.skip_marks();
  return reader.word(what);
}

bool at_end_of_list(CardReader& reader) {
  reader.skip_marks();
  return reader.at_end() || reader.at_assignment();
}

bool element_option(CardReader& reader, std::string_view name, std::span<const std::string_view> names,
                    std::string& option) {
  reader.skip_marks();
  if (reader.at_end()) return false;
  const std::string_view word = reader.peek().text;
  if (!reader.at_assignment()) throw reader.unexpected(word);
  option = to_lower(word);
  if (std::find(names.begin(), names.end(), option) == names.end()) {
    std::string hint = did_you_mean(option, {names.begin(), names.end()});
    throw Problem{word, fmt::format("'{}' has no parameter '{}'", name, word), std::move(hint)};
  }
  reader.take();
  reader.take();
  return true;
}

double positive(CardContext& card, std::string_view name, std::string_view unit) {
  const std::string_view at = card.reader.peek().text;
  const double given = card.value(CardReader::Blanks::allowed);
  if (!(given > 0))
    throw Problem{at, fmt::format("{} must be greater than 0{}{}, not {:g}", name, unit.empty() ? "" : " ",
                                  unit, given)};
  return given;
}

std::uint32_t controlling_quantity(CardContext& card, Program& program, bool current) {
  if (current)
    return card.elaboration.probes.element(
        program, "i", listed_word(card.reader, "an element whose current controls"), card.scope);
  const std::string_view plus = listed_word(card.reader, "the controlling node nc+");
  return card.elaboration.probes.voltage(program, plus, listed_word(card.reader, "the controlling node nc-"),
                                         card.scope);
}

}  // namespace memspice
