#include "analysis/transient/transient.hpp"

#include "analysis/transient/flow_network_of.hpp"
#include "analysis/transient/step_budget.hpp"
#include "analysis/transient/transient_run.hpp"

namespace memspice {

AnalysisReport integrate_transient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                                   const RunOptions& options, std::vector<Diagnostic>& warnings,
                                   CircuitPoint& end) {
  AnalysisReport report;
  report.analysis = "tran";
  check_steps(circuit, card);
  require_integrator(circuit, card.where);
  Stopwatch watch;
  TransientRun transient(circuit, card, sink, options, warnings);
  report.statistics.setup_seconds = watch.lap();
  try {
    transient.start(report);
    report.statistics.operating_point_seconds = watch.lap();
    while (transient.time() < card.stop && report.outcome == Outcome::complete) transient.step(report);
    report.statistics.integration_seconds = watch.lap();
    if (report.outcome == Outcome::complete) end = transient.end();
  } catch (const SimulationError& error) {
    report.outcome = Outcome::failed;
    report.message = error.what();
  }
  transient.finish(report);
  return report;
}

}  // namespace memspice
