#include "netlist/elements/parasitics.hpp"

#include <fmt/format.h>

#include "base/characters.hpp"

namespace memspice {

bool read_parasitic(CardContext& card, char letter, Parasitics& parasitics) {
  struct Known {
    std::string_view name;
    std::string_view letters;
    double Parasitics::*value;
  };
  static constexpr Known list[] = {
      {"rser", "vcl", &Parasitics::rser},
      {"lser", "c", &Parasitics::lser},
      {"rpar", "clb", &Parasitics::rpar},
      {"cpar", "vclb", &Parasitics::cpar},
  };
  if (!card.reader.at_assignment()) return false;
  for (const Known& known : list) {
    if (!same_word(card.reader.peek().text, known.name) ||
        known.letters.find(letter) == std::string_view::npos)
      continue;
    const std::string_view name = card.reader.take().text;
    card.reader.take();
    const std::string_view at = card.reader.peek().text;
    const double given = card.value(CardReader::Blanks::allowed);
    const auto bit = 1u << static_cast<unsigned>(&known - list);
    if ((parasitics.given & bit) != 0) throw Problem{name, fmt::format("{} is given twice", known.name)};
    parasitics.given |= bit;
    if (given < 0) throw Problem{at, fmt::format("{} must be at least 0, not {:g}", known.name, given)};
    parasitics.*known.value = given;
    return true;
  }
  return false;
}

void add_parasitics(CardContext& card, const Parasitics& parasitics, double copies, std::string_view name,
                    NodeId& plus, NodeId minus) {
  const auto add = [&](std::string_view before, NodeId end, double value) {
    card.elaboration.devices.add_linear(before.front(), card.new_element(name, before), plus, end, value,
                                        card.where);
  };
  const auto add_in_series = [&](std::string_view before, double value) {
    const std::string_view node_name = card.full_name(name, before);
    if (card.circuit.node_names.find(node_name) != NameTable::npos)
      throw Problem{name, fmt::format("the node '{}' that '{}' needs inside exists already", node_name, name),
                    "give that node another name"};
    const NodeId inside = card.circuit.node_names.intern(node_name);
    card.circuit.hidden_nodes.push_back(inside);
    add(before, inside, value);
    plus = inside;
  };
  if (parasitics.rpar > 0) add("rpar#", minus, parasitics.rpar / copies);
  if (parasitics.cpar > 0) add("cpar#", minus, parasitics.cpar * copies);
  if (parasitics.rser > 0) add_in_series("rser#", parasitics.rser / copies);
  if (parasitics.lser > 0) add_in_series("lser#", parasitics.lser / copies);
}

}  // namespace memspice
