#include <fmt/format.h>

#include <algorithm>

#include "analysis/output/analysis_frame.hpp"
#include "analysis/output/analysis_output.hpp"
#include "analysis/small_signal/small_signal.hpp"
#include "analysis/types/analysis_run.hpp"
#include "netlist/cards/data_tables.hpp"
#include "netlist/cards/frequencies.hpp"

namespace memspice {

namespace {

AnalysisReport run_ac(AnalysisRun& run, const AcCard& card) {
  const Circuit& circuit = run.circuit;
  AnalysisReport report;
  report.summary = fmt::format("AC analysis: {}", describe_frequencies(card.frequencies));
  Stopwatch watch;
  OutputPlan plan(circuit, type_of<AcCard>(), {{"frequency", Quantity::frequency}}, run.warnings);
  AnalysisOutput output(circuit, plan, true, run.sink, run.warnings);
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
      if (interrupted(report, run.options, with_prefix(hertz, "Hz"))) break;
      small.set_frequency(hertz);
      if (b.empty() || small.depends_on_frequency()) {
        b.assign(x.size(), Complex{});
        small.linear().right_side<Complex>(sources, b);
      }
      std::ranges::copy(b, x.begin());
      small.solve(x);
      if (plan.circuit_columns().needs_branches()) {
        small.recover(x, sources, changes);
      } else {
        small.linear().recover_voltages<Complex>(x, sources, changes);
      }
      row[0] = hertz;
      plan.circuit_columns().evaluate_changes(small.system(), x, sources, changes, row);
      output.row({reinterpret_cast<const double*>(row.data()), 2 * row.size()});
      ++report.statistics.rows;
    }
    small.report(report.statistics);
    report.statistics.integration_seconds = watch.lap();
  });
  return report;
}

void read_ac(CardContext& card) {
  AcCard read;
  read.where = card.where;
  read.frequencies = frequencies(card, ".ac");
  read_sweep_behind(card);
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(std::move(read));
}

}  // namespace

const AnalysisType& type_of(const AcCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".ac", "", "dec|oct|lin number first last | list f…",
                               "small-signal analysis over frequencies"},
               .group = CardGroup::analyses,
               .read = read_ac,
               .analysis = &type},
      .plot = "AC Analysis",
      .vectors = AnalysisType::Vectors::changes,
      .scale = {"frequency", Quantity::frequency},
      .check = [](const Circuit& circuit, const AnalysisCard&) { check_linearisation(circuit); },
      .rows = rows_of_frequencies<AcCard>,
      .run = run_reported<AcCard, run_ac>,
  };
  return type;
}

}  // namespace memspice
