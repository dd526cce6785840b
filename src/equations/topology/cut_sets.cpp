#include "equations/topology/cut_sets.hpp"

#include <algorithm>

#include "base/disjoint_sets.hpp"

namespace memspice {

CutSets find_cut_sets(const Circuit& circuit) {
  if (std::ranges::none_of(circuit.groups, [](const DeviceGroup& group) { return group.type->short_at_dc; }))
    return {};
  DisjointSets sets(circuit.node_names.size());
  const auto join = [&](const auto& element) { sets.join(element.plus, element.minus); };
  const auto is_inductor = [](const DeviceType& type) {
    return type.short_at_dc && type.find_parameter("l").has_value();
  };
  for (const DeviceGroup& group : circuit.groups) {
    if (is_inductor(*group.type)) continue;
    const std::size_t terminals = group.type->terminals.size();
    for (std::size_t k = 0; k < group.count(); ++k) {
      const NodeId* nodes = group.nodes.data() + k * terminals;
      for (const auto& [plus, minus] : group.type->branches) sets.join(nodes[plus], nodes[minus]);
    }
  }
  for (const Source& source : circuit.voltage_sources) join(source);
  for (const BehaviouralSource& source : circuit.behavioural_sources) join(source);
  for (const Switch& element : circuit.switches) join(element);
  for (const TransmissionLine& line : circuit.lines)
    for (const NodeId node : line.nodes) sets.join(line.nodes[0], node);

  CutSets cut;
  cut.group_of.resize(circuit.node_names.size());
  for (NodeId node = 0; node < cut.group_of.size(); ++node) cut.group_of[node] = sets.find(node);
  for (std::uint32_t g = 0; g < circuit.groups.size(); ++g) {
    const DeviceGroup& group = circuit.groups[g];
    if (!is_inductor(*group.type)) continue;
    for (std::uint32_t k = 0; k < group.count(); ++k)
      if (cut.group_of[group.nodes[2 * k]] != cut.group_of[group.nodes[2 * k + 1]])
        cut.inductors.push_back({g, k});
  }
  return cut;
}

}  // namespace memspice
