#include "equations/linear/storage.hpp"

namespace memspice {

void apply_storage(EquationSystem& system, const double* y, const double* derivative, const double* x,
                   double* result) {
  const CutRows& cut_rows = system.matrix().cut_rows();
  const std::vector<double> before(result, result + (cut_rows.empty() ? 0 : system.unknowns().rows()));
  const double t = system.sources().time();
  const EvaluationPoint at = system.points().of_devices(t, y, derivative);
  for (const EquationGroup& group : system.unknowns().groups())
    group.population->apply_storage(at, x, result);
  cut_rows.restore(before.data(), result);
  if (system.auxiliary().empty()) return;
  EntryLists lists;
  EntrySink collect(lists);
  system.auxiliary().entries(system.points().of_rows(t, y, derivative), collect);
  for (const MatrixEntry& entry : lists.entries) result[entry.row] += entry.c * x[entry.column];
}

}  // namespace memspice
