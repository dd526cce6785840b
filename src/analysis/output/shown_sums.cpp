#include "analysis/output/shown_sums.hpp"

#include <algorithm>

namespace memspice {

namespace {

/// Whether all voltage sources at ground have their currents among these.
bool knows_sources_at_ground(const Circuit& circuit, const AskedCurrents& currents) {
  std::vector<std::uint8_t> asked(circuit.voltage_sources.size(), 0);
  for (const std::uint32_t source : currents.voltage_sources) asked[source] = 1;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Source& source = circuit.voltage_sources[i];
    if ((source.plus == ground) != (source.minus == ground) && asked[i] == 0) return false;
  }
  return true;
}

}  // namespace

bool shows_a_sum(const EquationSystem& system, std::span<const NodeId> nodes, const AskedCurrents& currents) {
  enum Sum : std::uint8_t { empty, known, open };  // of the currents at a row
  const PotentialForest& forest = system.unknowns().forest();
  std::vector<std::uint8_t> shown(system.unknowns().potentials(), 0);
  shown[0] = 1;
  for (const NodeId node : nodes) shown[forest.row(node)] = 1;
  std::vector<AskedCurrents::Element> asked = currents.elements;
  std::ranges::sort(asked);
  std::vector<Sum> sum(shown.size(), empty);
  Sum at_ground = empty;
  const auto note = [](Sum& of, Sum device) { of = std::max(of, device); };
  for (std::uint32_t g = 0; g < system.circuit().groups.size(); ++g) {
    const DeviceGroup& group = system.circuit().groups[g];
    const std::size_t terminals = group.type->terminals.size();
    for (std::uint32_t k = 0; k < group.count(); ++k) {
      const std::span<const NodeId> ends(group.nodes.data() + k * terminals, terminals);
      const bool is_known =
          std::ranges::all_of(ends, [&](NodeId node) { return shown[forest.row(node)] != 0; }) ||
          (terminals == 2 && std::ranges::binary_search(asked, AskedCurrents::Element{g, k}));
      const Sum device = is_known ? known : open;
      for (const NodeId node : ends) note(sum[forest.row(node)], device);
      if (std::ranges::find(ends, ground) != ends.end()) note(at_ground, device);
    }
  }
  return std::find(sum.begin() + 1, sum.end(), known) != sum.end() ||
         (at_ground == known && knows_sources_at_ground(system.circuit(), currents));
}

}  // namespace memspice
