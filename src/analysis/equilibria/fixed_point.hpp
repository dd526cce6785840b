#pragma once

#include "analysis/solution/start.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// `.fixedpoint`: solves F(y, ẏ = 0) = 0 with free states: dw/dt = 0 inside the bounds, and at a bound a
/// drive that points out of it. Newton's method on the natural map of that complementarity problem finds the
/// solution next to `from`, stable or not; where it fails, implicit Euler steps that grow without limit
/// follow the circuit to an attractor. `found` receives the solution when it converged.
FixedPointReport find_fixed_point(const Circuit& circuit, const FixedPointCard& card,
                                  const CircuitPoint& from, CircuitPoint& found);

}  // namespace memspice
