#include "analysis/solution/memristor_states.hpp"

namespace memspice {

std::vector<std::size_t> state_indices(const EquationSystem& system, std::span<const std::uint32_t> names) {
  const Circuit& circuit = system.circuit();
  std::vector<std::size_t> place(circuit.element_names.size(), Unknowns::npos);
  for (std::size_t g = 0; g < circuit.groups.size(); ++g) {
    if (circuit.groups[g].type->network_role != NetworkRole::linear_memristor) continue;
    for (std::size_t k = 0; k < circuit.groups[g].count(); ++k)
      place[circuit.groups[g].names[k]] = system.unknowns().index(g, k, 0);
  }
  std::vector<std::size_t> indices;
  for (const std::uint32_t name : names) indices.push_back(place[name]);
  return indices;
}

}  // namespace memspice
