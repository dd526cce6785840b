#include "netlist/elaboration/device_groups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/problem.hpp"

namespace memspice {

DeviceGroups::DeviceGroups(Circuit& circuit) : circuit_(circuit) {
  for (const auto& type : circuit.catalogue->types()) {
    const auto letter = static_cast<std::size_t>(type->letter - 'a');
    const std::size_t most = type->terminals.size(), least = most - type->form.optional_terminals;
    NodeCounts& counts = node_counts_[letter];
    counts = types_by_letter_[letter] ? NodeCounts{std::min(counts.least, least), std::max(counts.most, most)}
                                      : NodeCounts{least, most};
    if (!types_by_letter_[letter]) types_by_letter_[letter] = type.get();
  }
}

std::uint32_t DeviceGroups::group_of(const DeviceType& type) {
  if (&type == last_type_) return last_group_;
  std::uint32_t& group = groups_.try_emplace(&type, NameTable::npos).first->second;
  if (group == NameTable::npos) {
    group = static_cast<std::uint32_t>(circuit_.groups.size());
    DeviceGroup& made = circuit_.groups.emplace_back();
    made.type = &type;
    const std::size_t expected = expected_[static_cast<std::size_t>(type.letter - 'a')];
    made.names.reserve(expected);
    made.nodes.reserve(expected * type.terminals.size());
    made.parameters.expect(expected);
    made.where.reserve(expected);
  }
  last_type_ = &type;
  last_group_ = group;
  return group;
}

void DeviceGroups::add_linear(char letter, std::uint32_t name, NodeId plus, NodeId minus, double value,
                              Location where) {
  const DeviceType* type = type_of(letter);
  if (!type) throw Problem{{}, fmt::format("the catalogue has no element '{}'", letter)};
  DeviceGroup& group = circuit_.groups[group_of(*type)];
  group.names.push_back(name);
  group.nodes.insert(group.nodes.end(), {plus, minus});
  std::vector<double> values{value};
  for (std::size_t i = 1; i < type->parameters.size(); ++i)
    values.push_back(type->parameters[i].default_value);
  group.parameters.add(values);
  group.where.push_back(where);
}

}  // namespace memspice
