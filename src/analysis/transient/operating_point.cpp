#include "analysis/output/analysis_output.hpp"
#include "analysis/solution/start.hpp"
#include "analysis/transient/transient.hpp"
#include "base/stopwatch.hpp"

namespace memspice {

AnalysisReport run_operating_point(const Circuit& circuit, const OperatingPointCard& card, WaveformSink& sink,
                                   const RunOptions&, std::vector<Diagnostic>& warnings) {
  AnalysisReport report;
  report.analysis = "op";
  Stopwatch watch;
  EquationSystem system(circuit, EquationSystem::Mode::operating_point);
  OutputPlan plan(circuit, AnalysisKind::operating_point, {}, warnings);
  AnalysisOutput output(circuit, plan, "Operating Point", false, sink, warnings);
  system.enter_segment(0.0);
  report.statistics.setup_seconds = watch.lap();
  report.statistics.unknowns = system.size();
  Solution at = initial_guess(system);
  try {
    report.operating_point = solve_operating_point(system, 0.0, true, at);
    warn_of_loose(circuit, card.where, system.held_loose(), warnings);
    std::vector<double> row(plan.width());
    plan.evaluate(system, 0.0, at, row);
    output.row(row);
    report.statistics.rows = 1;
  } catch (const SimulationError& error) {
    report.outcome = Outcome::failed;
    report.message = error.what();
  }
  output.finish(report);
  const MatrixStatistics& matrix = system.matrix_statistics();
  report.statistics.factorisations = matrix.factorisations;
  report.statistics.solves = matrix.solves;
  report.statistics.factorisation = matrix.cholesky ? "cholesky" : "lu";
  report.statistics.matrix_size = system.rows() - 1;
  report.statistics.matrix_nonzeros = system.matrix_nonzeros();
  report.statistics.operating_point_seconds = watch.lap();
  return report;
}

}  // namespace memspice
