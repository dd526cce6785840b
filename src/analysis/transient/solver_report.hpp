#pragma once

#include "equations/equation_system.hpp"
#include "memspice/simulate.hpp"
#include "solver/ida.hpp"

namespace memspice {

/// Counts of what the integrator and the linear algebra have done.
void report_solver(const EquationSystem& system, const Ida& integrator, SolverStatistics& statistics);

}  // namespace memspice
