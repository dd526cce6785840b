#include "analysis/output/asked_currents.hpp"

#include <algorithm>

namespace memspice {

SummedNodes summed_nodes(const EquationSystem& system, const AskedCurrents& asked) {
  const PotentialForest& forest = system.unknowns().forest();
  const std::vector<Tie>& ties = forest.ties();
  std::vector<std::uint8_t> of_source(system.circuit().voltage_sources.size(), 0);
  for (const std::uint32_t source : asked.voltage_sources) of_source[source] = 1;
  std::vector<AskedCurrents::Element> elements = asked.elements;
  std::ranges::sort(elements);
  std::vector<std::uint8_t> wanted(ties.size(), 0);
  for (std::size_t t = 0; t < ties.size(); ++t) {
    const Tie& tie = ties[t];
    wanted[t] = tie.kind == Tie::Kind::voltage_source && of_source[tie.index] != 0;
    if (tie.kind == Tie::Kind::short_circuit)
      wanted[t] = std::ranges::binary_search(elements, AskedCurrents::Element{tie.group, tie.index});
  }
  SummedNodes nodes;
  if (std::ranges::find(wanted, 1) == wanted.end()) return nodes;
  nodes.summed.resize(system.circuit().node_names.size());
  forest.for_each_branch([&](NodeId parent, NodeId child, std::uint32_t tie, double) {
    nodes.summed[child] = nodes.summed[parent] | wanted[tie];
    nodes.single &= nodes.summed[parent] == 0;
  });
  return nodes;
}

std::vector<WantedCurrents> wanted_currents(const EquationSystem& system, const AskedCurrents& asked) {
  const SummedNodes nodes = summed_nodes(system, asked);
  // What rounding may leave of a sum of currents is found from all of them.
  const bool all = asked.others || system.matrix().islands().has_capacitors() ||
                   (!nodes.summed.empty() && system.unknowns().forest().floats());
  if (all) return {};
  const std::vector<EquationGroup>& groups = system.unknowns().groups();
  std::vector<WantedCurrents> wanted(groups.size());
  for (const AskedCurrents::Element& element : asked.elements)
    wanted[element.group].instances.push_back(element.instance);
  for_each_end(system, nodes, [&](std::size_t group, std::size_t instance, std::size_t, NodeId) {
    wanted[group].instances.push_back(static_cast<std::uint32_t>(instance));
  });
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<std::uint32_t>& instances = wanted[g].instances;
    std::ranges::sort(instances);
    instances.erase(std::unique(instances.begin(), instances.end()), instances.end());
    const std::size_t count = groups[g].devices->count();
    // Short circuits have no place among the others.
    wanted[g].all =
        instances.size() == count || (!instances.empty() && groups[g].population->count() != count);
    if (wanted[g].all) instances = {};
  }
  return wanted;
}

}  // namespace memspice
