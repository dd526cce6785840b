#include <fmt/format.h>

#include <algorithm>

#include "analysis/output/analysis_frame.hpp"
#include "analysis/output/analysis_output.hpp"
#include "analysis/small_signal/linear_analyses.hpp"
#include "analysis/small_signal/small_signal.hpp"

namespace memspice {

AnalysisReport run_ac(const Circuit& circuit, const AcCard& card, WaveformSink& sink,
                      const RunOptions& options, std::vector<Diagnostic>& warnings) {
  AnalysisReport report;
  report.analysis = "ac";
  report.summary = fmt::format("AC analysis: {}", describe_frequencies(card.frequencies));
  Stopwatch watch;
  OutputPlan plan(circuit, AnalysisKind::ac, {{"frequency", Quantity::frequency}}, warnings);
  AnalysisOutput output(circuit, plan, "AC Analysis", true, sink, warnings);
  fill_plot(report, output, [&] {
    report.statistics.setup_seconds = watch.lap();
    SmallSignal small(circuit, ".ac");
    small.find_operating_point();
    report.operating_point = small.quiet_point().method();
    report.statistics.operating_point_seconds = watch.lap();
    const SourceChanges<Complex> sources = source_phasors(circuit);
    std::vector<Complex> x(small.system().size());
    std::vector<Complex> b;
    BranchChanges<Complex> changes;
    std::vector<Complex> row(plan.width());
    for (const double hertz : card.frequencies) {
      if (interrupted(report, options, with_prefix(hertz, "Hz"))) break;
      small.set_frequency(hertz);
      if (b.empty() || small.depends_on_frequency()) {
        b.assign(x.size(), Complex{});
        small.linear().right_side<Complex>(sources, b);
      }
      std::ranges::copy(b, x.begin());
      small.solve(x);
      if (plan.needs_branches()) {
        small.recover(x, sources, changes);
      } else {
        small.linear().recover_voltages<Complex>(x, sources, changes);
      }
      row[0] = hertz;
      plan.evaluate_changes(small.system(), x, sources, changes, row);
      output.row({reinterpret_cast<const double*>(row.data()), 2 * row.size()});
      ++report.statistics.rows;
    }
    small.report(report.statistics);
    report.statistics.integration_seconds = watch.lap();
  });
  return report;
}

}  // namespace memspice
