#pragma once

#include <cstdint>
#include <vector>

#include "analysis/output/asked_currents.hpp"
#include "analysis/transient/flow_network_of.hpp"
#include "network/flow/flow_points.hpp"

namespace memspice {

/// What the rows of a run ask of the points of its network.
struct RowDemands {
  bool potentials = true;           // or currents, powers, observables
  bool observed = false;            // point by point: a step ends at every corner
  AskedCurrents currents;           // or powers
  std::vector<NodeId> nodes;        // whose potentials are asked for
  std::vector<std::size_t> states;  // places in y, ascending
};

/// How the network answers them.
struct NetworkDemands {
  bool all = true;                        // potentials: of all rows, to rounding
  bool with_offsets = false;              // of nodes behind voltage sources
  network::AskedPotentials some;          // otherwise
  std::vector<std::uint32_t> memristors;  // whose states are wanted, ascending
};

/// Kirchhoff's law is to hold to rounding where rows show all that the currents at some node add up from:
/// then all potentials are found so. Otherwise only those that rows show, and those that their currents
/// depend on, within a part of reltol.
[[nodiscard]] NetworkDemands network_demands(const EquationSystem& system, const CircuitFlow& circuit,
                                             const RowDemands& rows);

}  // namespace memspice
