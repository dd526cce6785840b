#include "analysis/types/statistics_sum.hpp"

#include <algorithm>

namespace memspice {

void add_statistics(SolverStatistics& sum, const SolverStatistics& part) {
  sum.unknowns = std::max(sum.unknowns, part.unknowns);
  sum.matrix_size = std::max(sum.matrix_size, part.matrix_size);
  sum.matrix_nonzeros = std::max(sum.matrix_nonzeros, part.matrix_nonzeros);
  sum.factor_nonzeros = std::max(sum.factor_nonzeros, part.factor_nonzeros);
  if (sum.factorisation.empty()) sum.factorisation = part.factorisation;
  sum.steps += part.steps;
  sum.failed_steps += part.failed_steps;
  sum.residuals += part.residuals;
  sum.newton_iterations += part.newton_iterations;
  sum.newton_failures += part.newton_failures;
  sum.restarts += part.restarts;
  sum.factorisations += part.factorisations;
  sum.solves += part.solves;
  sum.rows += part.rows;
  sum.rejected_rows += part.rejected_rows;
  sum.step_limits += part.step_limits;
  if (part.oscillation) {
    if (!sum.oscillation) sum.oscillation.emplace();
    OscillationReport& worst = *sum.oscillation;
    worst.turns = std::max(worst.turns, part.oscillation->turns);
    worst.memory = std::max(worst.memory, part.oscillation->memory);
    worst.accumulated_error = std::max(worst.accumulated_error, part.oscillation->accumulated_error);
  }
  sum.setup_seconds += part.setup_seconds;
  sum.operating_point_seconds += part.operating_point_seconds;
  sum.integration_seconds += part.integration_seconds;
}

}  // namespace memspice
