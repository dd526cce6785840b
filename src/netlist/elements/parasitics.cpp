#include <fmt/format.h>

#include "base/characters.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {

bool Elaborator::parasitic(char letter, Parasitics& parasitics, Scope& scope) {
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
  if (!reader_.at_assignment()) return false;
  for (const Known& known : list) {
    if (!same_word(reader_.peek().text, known.name) || known.letters.find(letter) == std::string_view::npos)
      continue;
    const std::string_view name = reader_.take().text;
    reader_.take();
    const std::string_view at = reader_.peek().text;
    const double given = value(scope, CardReader::Blanks::allowed);
    const auto bit = 1u << static_cast<unsigned>(&known - list);
    if ((parasitics.given & bit) != 0) throw Problem{name, fmt::format("{} is given twice", known.name)};
    parasitics.given |= bit;
    if (given < 0) throw Problem{at, fmt::format("{} must be at least 0, not {:g}", known.name, given)};
    parasitics.*known.value = given;
    return true;
  }
  return false;
}

void Elaborator::add_linear(char letter, std::uint32_t name, NodeId plus, NodeId minus, double value,
                            Location where) {
  const DeviceType* type = types_by_letter_[static_cast<std::size_t>(letter - 'a')];
  if (!type) throw Problem{{}, fmt::format("the catalogue has no element '{}'", letter)};
  DeviceGroup& group = circuit_.groups[group_of(*type)];
  group.names.push_back(name);
  group.nodes.insert(group.nodes.end(), {plus, minus});
  group.parameters.push_back(value);
  for (std::size_t i = 1; i < type->parameters.size(); ++i)
    group.parameters.push_back(type->parameters[i].default_value);
  group.where.push_back(where);
}

void Elaborator::add_parasitics(const Parasitics& parasitics, double copies, std::string_view name,
                                Location where, NodeId& plus, NodeId minus, Scope& scope) {
  const auto add = [&](std::string_view before, NodeId end, double value) {
    add_linear(before.front(), new_element(full_name(scope, name, before), name), plus, end, value, where);
  };
  const auto add_in_series = [&](std::string_view before, double value) {
    const std::string_view node_name = full_name(scope, name, before);
    if (circuit_.node_names.find(node_name) != NameTable::npos)
      throw Problem{name, fmt::format("the node '{}' that '{}' needs inside exists already", node_name, name),
                    "give that node another name"};
    const NodeId inside = circuit_.node_names.intern(node_name);
    circuit_.hidden_nodes.push_back(inside);
    add(before, inside, value);
    plus = inside;
  };
  if (parasitics.rpar > 0) add("rpar#", minus, parasitics.rpar / copies);
  if (parasitics.cpar > 0) add("cpar#", minus, parasitics.cpar * copies);
  if (parasitics.rser > 0) add_in_series("rser#", parasitics.rser / copies);
  if (parasitics.lser > 0) add_in_series("lser#", parasitics.lser / copies);
}

}  // namespace memspice
