#include "analysis/transient/transient.hpp"

#include "analysis/transient/flow_network_of.hpp"
#include "analysis/transient/step_budget.hpp"
#include "analysis/transient/transient_run.hpp"
#include "base/interruption.hpp"
#include "solver/free_memory.hpp"

namespace memspice {

namespace {

/// Before hours are spent on what ends in a swap file. Factors are looked at when their size is known.
void require_memory(const Circuit& circuit) {
  constexpr double bytes_per_device = 700;  // measured: 1 million memristors on a grid, without the factor
  std::size_t devices = 0;
  for (const DeviceGroup& group : circuit.groups) devices += group.count();
  constexpr std::size_t many = 100000;
  if (devices > many) require_memory_for_devices(devices, bytes_per_device);
}

}  // namespace

AnalysisReport integrate_transient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                                   const RunOptions& options, std::vector<Diagnostic>& warnings,
                                   CircuitPoint& end) {
  AnalysisReport report;
  report.analysis = "tran";
  check_steps(circuit, card);
  require_integrator(circuit, card.where);
  require_memory(circuit);
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
  } catch (const Interrupted&) {
    report.outcome = Outcome::interrupted;
  }
  transient.finish(report);
  return report;
}

}  // namespace memspice
