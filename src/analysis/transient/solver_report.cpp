#include "analysis/transient/solver_report.hpp"

namespace memspice {

void report_solver(const EquationSystem& system, const Ida& integrator, SolverStatistics& statistics) {
  const IdaStatistics ida = integrator.statistics();
  const MatrixStatistics matrix = system.matrix().statistics();
  statistics.unknowns = system.size();
  statistics.matrix_size = system.unknowns().rows() - 1;
  statistics.matrix_nonzeros = system.matrix().nonzeros();
  statistics.factorisation = matrix.cholesky ? "cholesky" : "lu";
  statistics.factor_nonzeros = matrix.factor_nonzeros;
  statistics.steps = ida.steps;
  statistics.failed_steps = ida.failed_steps;
  statistics.residuals = ida.residuals;
  statistics.newton_iterations = ida.newton_iterations;
  statistics.newton_failures = ida.newton_failures;
  statistics.factorisations = matrix.factorisations;
  statistics.solves = matrix.solves;
  if (const StepMemory* memory = integrator.memory(); memory != nullptr && memory->has_counted())
    statistics.oscillation = {memory->turns(), memory->periods(), memory->accumulated_error()};
}

}  // namespace memspice
