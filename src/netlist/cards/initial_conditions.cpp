#include <fmt/format.h>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaboration/parameters.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

void initial_voltage(CardContext& card, std::string_view name, double given, std::vector<NodeVoltage>& list) {
  const NodeId at = card.elaboration.names.find_node(name, card.scope);
  if (at == NameTable::npos) {
    if (card.messages.error_count() > 0) return;  // the card that makes it may be the wrong one
    throw Problem{name, fmt::format("no node '{}' in this circuit", name),
                  near_name(to_lower(name), card.circuit.node_names)};
  }
  if (at == ground) throw Problem{name, "ground is always at 0 V"};
  list.push_back({at, given, card.where});
}

void initial_state(CardContext& card, std::string_view accessor, std::string_view name, double given,
                   std::string_view value_at) {
  const std::uint32_t element = card.elaboration.names.find_element(name, card.scope);
  if (element == NameTable::npos) {
    if (card.messages.error_count() > 0) return;  // its card may be the wrong one
    throw Problem{name, fmt::format("no element '{}' in this circuit", name)};
  }
  const std::string state = to_lower(accessor);
  if (card.elaboration.places.size() != card.circuit.element_names.size())
    card.elaboration.places = element_places(card.circuit);
  if (const ElementPlace& place = card.elaboration.places[element];
      place.kind == ElementPlace::Kind::device) {
    DeviceGroup& group = card.circuit.groups[place.group];
    for (const UnknownDescription& unknown : group.type->unknowns) {
      if (unknown.name != state || unknown.initial.empty()) continue;
      const std::size_t parameter = group.type->find_parameter(unknown.initial).value();
      const std::size_t count = group.type->parameters.size();
      std::vector<double> values(count);
      std::vector<std::string_view> given_at(count);
      store(*group.type, parameter, given, value_at, values, given_at);
      group.parameters.set(place.index, parameter, values[parameter]);
      return;
    }
  }
  throw Problem{accessor, fmt::format("'{}' has no state '{}'", name, accessor),
                "write v(node) or w(memristor)"};
}

void initial_values(CardContext& card, std::vector<NodeVoltage>& list, bool states) {
  if (card.reader.at_end()) throw Problem{card.reader.peek().text, "this card names no node"};
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view accessor = card.reader.word("v(node)");
    card.reader.expect(Kind::open, fmt::format("'(' behind '{}'", accessor));
    const std::string_view name = card.reader.word("a name");
    card.reader.expect(Kind::close, "')'");
    card.reader.expect(Kind::equals, "'='");
    const std::string_view value_at = card.reader.peek().text;
    const double given = card.value(CardReader::Blanks::allowed);
    card.elaboration.attempt([&] {
      if (same_word(accessor, "v")) return initial_voltage(card, name, given, list);
      if (!states) throw Problem{accessor, fmt::format(".nodeset takes v(node), not '{}'", accessor)};
      initial_state(card, accessor, name, given, value_at);
    });
  }
}

}  // namespace

void read_ic(CardContext& card) {
  initial_values(card, card.circuit.initial_conditions, true);
}

void read_nodeset(CardContext& card) {
  initial_values(card, card.circuit.nodesets, false);
}

}  // namespace memspice
