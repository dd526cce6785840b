#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "analysis/analysis_frame.hpp"
#include "analysis/linear_analyses.hpp"
#include "analysis/output_plan.hpp"
#include "analysis/small_signal.hpp"

namespace memspice {

namespace {

SourceChanges<Complex> phasors(const Circuit& circuit) {
  const auto phasor = [](const Source& source) {
    return std::polar(source.ac_magnitude, source.ac_phase * std::numbers::pi / 180);
  };
  SourceChanges<Complex> sources;
  for (const Source& source : circuit.voltage_sources) sources.voltage.push_back(phasor(source));
  for (const Source& source : circuit.current_sources) sources.current.push_back(phasor(source));
  return sources;
}

/// Columns of a plan that have a small change; warns of the others.
std::vector<std::size_t> linear_columns(const OutputPlan& plan, const AcCard& card, const Circuit& circuit,
                                        std::vector<Diagnostic>& warnings) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < plan.vectors().size(); ++i) {
    if (plan.is_linear(i)) {
      kept.push_back(i);
      continue;
    }
    warnings.push_back(diagnose(
        *circuit.sources, card.where, 3,
        fmt::format("'{}' is left out of .ac: it is no voltage, current or state", plan.vectors()[i].name),
        {}, Severity::warning));
  }
  return kept;
}

}  // namespace

AnalysisReport run_ac(const Circuit& circuit, const AcCard& card, WaveformSink& sink,
                      const RunOptions& options, std::vector<Diagnostic>& warnings) {
  AnalysisReport report;
  report.analysis = "ac";
  report.summary = fmt::format("AC analysis: {}", describe_frequencies(card.frequencies));
  Stopwatch watch;
  const OutputPlan plan(circuit, false, warnings);
  const std::vector<std::size_t> columns = linear_columns(plan, card, circuit, warnings);
  std::vector<VectorInfo> vectors{{"frequency", Quantity::frequency}};
  for (const std::size_t i : columns) vectors.push_back(plan.vectors()[i]);
  std::vector<std::size_t> printed;
  for (const std::size_t i : plan.printed()) {
    const auto found = std::ranges::lower_bound(columns, i);
    if (found != columns.end() && *found == i)
      printed.push_back(1 + static_cast<std::size_t>(found - columns.begin()));
  }
  sink.begin_plot({circuit.title, "AC Analysis", true, std::move(vectors), std::move(printed)});
  fill_plot(report, sink, [&] {
    report.statistics.setup_seconds = watch.lap();
    SmallSignal small(circuit, ".ac");
    report.operating_point = small.quiet_point().method();
    report.statistics.operating_point_seconds = watch.lap();
    const SourceChanges<Complex> sources = phasors(circuit);
    std::vector<Complex> x(small.system().size());
    BranchChanges<Complex> changes;
    std::vector<Complex> row(1 + columns.size());
    for (const double hertz : card.frequencies) {
      if (interrupted(report, options, with_prefix(hertz, "Hz"))) break;
      small.set_frequency(hertz);
      std::ranges::fill(x, Complex{});
      small.linear().right_side<Complex>(sources, x);
      small.solve(x);
      small.recover(x, sources, changes);
      row[0] = hertz;
      for (std::size_t i = 0; i < columns.size(); ++i)
        row[1 + i] = plan.change(columns[i], small.system(), x, sources, changes);
      sink.row({reinterpret_cast<const double*>(row.data()), 2 * row.size()});
      ++report.statistics.rows;
    }
    small.report(report.statistics);
    report.statistics.integration_seconds = watch.lap();
  });
  return report;
}

}  // namespace memspice
