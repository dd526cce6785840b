#pragma once

#include "equations/equation_system.hpp"

namespace memspice {

/// Adds ∂F/∂ẏ x to `result`, one value an unknown.
void apply_storage(EquationSystem& system, const double* y, const double* derivative, const double* x,
                   double* result);

}  // namespace memspice
