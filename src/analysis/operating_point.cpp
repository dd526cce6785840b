#include <chrono>

#include "analysis/output_plan.hpp"
#include "analysis/start.hpp"
#include "analysis/transient.hpp"

namespace memspice {

AnalysisReport run_operating_point(const Circuit& circuit, const OperatingPointCard&, WaveformSink& sink,
                                   const RunOptions&, std::vector<Diagnostic>& warnings) {
  using Clock = std::chrono::steady_clock;
  AnalysisReport report;
  report.analysis = "op";
  const auto begin = Clock::now();
  EquationSystem system(circuit, EquationSystem::Mode::operating_point);
  OutputPlan plan(circuit, false, warnings);
  system.enter_segment(0.0);
  const auto ready = Clock::now();
  report.statistics.setup_seconds = std::chrono::duration<double>(ready - begin).count();
  report.statistics.unknowns = system.size();
  sink.begin_plot({circuit.title, "Operating Point", false, plan.vectors(), plan.printed()});
  Solution at = initial_guess(system);
  try {
    report.operating_point = solve_operating_point(system, 0.0, true, at);
    std::vector<double> row(plan.vectors().size());
    plan.evaluate(system, 0.0, at, row);
    sink.row(row);
    report.statistics.rows = 1;
  } catch (const SimulationError& error) {
    report.outcome = Outcome::failed;
    report.message = error.what();
  }
  sink.end_plot();
  const MatrixStatistics& matrix = system.matrix_statistics();
  report.statistics.factorisations = matrix.factorisations;
  report.statistics.solves = matrix.solves;
  report.statistics.factorisation = matrix.cholesky ? "cholesky" : "lu";
  report.statistics.matrix_size = system.rows() - 1;
  report.statistics.matrix_nonzeros = system.matrix_nonzeros();
  report.statistics.operating_point_seconds = std::chrono::duration<double>(Clock::now() - ready).count();
  return report;
}

}  // namespace memspice
