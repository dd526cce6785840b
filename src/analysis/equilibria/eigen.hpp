#pragma once

#include "analysis/solution/start.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// `.eigen`: the eigenvalues of the circuit linearised at the point, from its DAE (pencil.hpp) and, for
/// memristive networks, from the closed form's Lyapunov matrix too. All of them for circuits of at most
/// `most_dense` dynamic unknowns, the rightmost and the leftmost ones for larger ones. Throws
/// SimulationError.
EigenReport find_eigenvalues(const Circuit& circuit, const EigenCard& card, const CircuitPoint& point,
                             std::size_t most_dense = 1000);

}  // namespace memspice
