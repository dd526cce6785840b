#pragma once

#include <string>

#include "equations/equation_system.hpp"
#include "solver/ida.hpp"

namespace memspice {

/// What to say of a transient until `stop` (s) whose integrator cannot go on: where, what changes fastest,
/// what was tried, what to try.
std::string describe_failure(const EquationSystem& system, const Ida& ida, double stop, StepOutcome outcome);

}  // namespace memspice
