#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "equations/equation_system.hpp"
#include "equations/readout.hpp"

namespace memspice {

/// The currents that vectors of an analysis ask for.
struct AskedCurrents {
  struct Element {
    std::uint32_t group = 0, instance = 0;
    auto operator<=>(const Element&) const = default;
  };
  bool others = false;  // than those of devices and voltage sources, or what stands for a current
  std::vector<Element> elements;
  std::vector<std::uint32_t> voltage_sources;

  [[nodiscard]] bool any() const { return others || !elements.empty() || !voltage_sources.empty(); }
};

/// The nodes whose currents have to be added up for them: the current of a tie of the potential forest is the
/// sum of those that leave the nodes behind it.
struct SummedNodes {
  std::vector<std::uint8_t> summed;  // by node; empty: none is
  bool single = true;                // no tie has more than one behind it
};
[[nodiscard]] SummedNodes summed_nodes(const EquationSystem& system, const AskedCurrents& asked);

/// Calls visit(group, instance, 0 or 1, node) for every end of a branch at a summed node.
template <class Visit>
void for_each_end(const EquationSystem& system, const SummedNodes& nodes, Visit&& visit) {
  if (nodes.summed.empty()) return;
  for (std::size_t g = 0; g < system.unknowns().groups().size(); ++g) {
    const DeviceGroup& devices = *system.unknowns().groups()[g].devices;
    const DeviceType& type = *devices.type;
    for (std::size_t i = 0; i < devices.count(); ++i)
      for (std::size_t b = 0; b < type.branches.size(); ++b)
        for (std::size_t end = 0; end < 2; ++end) {
          const NodeId node = devices.nodes[i * type.terminals.size() + type.branches[b][end]];
          if (nodes.summed[node] != 0) visit(g, i, end, node);
        }
  }
}

/// By group of devices: which currents are needed for those that are asked for. Empty: all are.
[[nodiscard]] std::vector<WantedCurrents> wanted_currents(const EquationSystem& system,
                                                          const AskedCurrents& asked);

}  // namespace memspice
