#pragma once

#include <span>

#include "analysis/output/asked_currents.hpp"

namespace memspice {

/// Whether vectors of these nodes' potentials and these currents show all that the currents at some node add
/// up from: then Kirchhoff's law has to hold to rounding in every row. A device is known by its current, or
/// by the potentials at all its ends; the current of a voltage source at ground is by itself the sum at its
/// other end. Of circuits of devices and independent sources.
[[nodiscard]] bool shows_a_sum(const EquationSystem& system, std::span<const NodeId> nodes,
                               const AskedCurrents& currents);

}  // namespace memspice
