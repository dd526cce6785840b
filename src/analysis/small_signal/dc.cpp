#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "analysis/output/analysis_frame.hpp"
#include "analysis/output/analysis_output.hpp"
#include "analysis/output/row_budget.hpp"
#include "analysis/small_signal/swept_circuit.hpp"
#include "analysis/types/analysis_run.hpp"
#include "analysis/types/ongoing_plot.hpp"
#include "analysis/types/report_archive.hpp"
#include "netlist/cards/data_tables.hpp"
#include "netlist/cards/sweeps.hpp"

namespace memspice {

namespace {

AnalysisReport run_dc(AnalysisRun& run, const DcCard& card) {
  const Circuit& circuit = run.circuit;
  AnalysisReport report;
  report.summary = "DC sweep: " + describe(circuit, card.sweeps);
  Stopwatch watch;
  const std::optional<std::vector<std::byte>> kept = run.keeper ? run.keeper->take() : std::nullopt;
  OngoingPlot sink(run.sink, kept.has_value());
  const std::size_t warnings = run.warnings.size();
  OutputPlan plan(circuit, type_of<DcCard>(), scales_of(circuit, card.sweeps), run.warnings);
  AnalysisOutput output(circuit, plan, false, sink, run.warnings);
  if (kept) run.warnings.resize(warnings);  // they have been given
  SweptCircuit swept(circuit, card.sweeps, [&](const Variation& values) { return variant(circuit, values); });
  SweepPlace place(card.sweeps);
  const auto exchange_all = [&](Archive& archive) {
    exchange(archive, report);
    place.exchange(archive);
    output.exchange(archive);
    swept.exchange(archive);
  };
  fill_plot(report, output, [&] {
    report.statistics.setup_seconds = watch.lap();
    std::vector<double> row(plan.width());
    bool more = true;
    if (kept) {
      Archive archive(*kept);
      exchange_all(archive);
    }
    while (more) {
      if (interrupted(report, run.options, place.text())) break;
      const std::vector<double> values = place.values();
      swept.solve(values);
      QuietPoint& point = swept.point();
      if (report.operating_point.empty()) report.operating_point = point.method();
      std::ranges::copy(values, row.begin());
      plan.circuit_columns().evaluate(point.system(), 0.0, point.at(), row);
      swept.fill_parameters(plan, row);
      output.row(row);
      ++report.statistics.rows;
      more = place.advance();
      const auto rows = static_cast<double>(report.statistics.rows);
      if (!more || run.keeper == nullptr) continue;
      const bool told = run.options.interrupted && run.options.interrupted();
      if (!(told ? run.keeper->is_due_at_end(rows) : run.keeper->is_due(rows))) continue;
      // What goes on is made of what is saved alone, as another process would.
      Archive archive;
      exchange_all(archive);
      const std::vector<std::byte> saved = archive.take();
      run.keeper->keep(rows, saved);
      Archive same(saved);
      exchange_all(same);
    }
    if (report.statistics.rows == 0) return;  // interrupted before there was a point
    const MatrixStatistics& matrix = swept.point().system().matrix().statistics();
    report.statistics.unknowns = swept.point().system().size();
    report.statistics.matrix_size = swept.point().system().unknowns().rows() - 1;
    report.statistics.matrix_nonzeros = swept.point().system().matrix().nonzeros();
    report.statistics.factorisation = matrix.cholesky ? "cholesky" : "lu";
    report.statistics.factorisations = matrix.factorisations;
    report.statistics.solves = matrix.solves;
    report.statistics.integration_seconds = watch.lap();
  });
  return report;
}

void read_dc(CardContext& card) {
  DcCard read;
  read.where = card.where;
  do {
    card.reader.skip_commas();
    const std::string_view at = card.reader.peek().text;
    Sweep added = sweep(card, ".dc");
    for (const Sweep& known : read.sweeps)
      if (known.target == added.target && known.label() == added.label())
        throw Problem{at, fmt::format("'{}' is swept twice", added.label())};
    read.sweeps.push_back(std::move(added));
    read_sweep_behind(card);
    card.reader.skip_commas();
  } while (!card.reader.at_end());
  check_combinations(card, read.sweeps);
  card.circuit.analyses.emplace_back(std::move(read));
}

}  // namespace

const AnalysisType& type_of(const DcCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".dc", "", "[dec|oct] source first last step … | source list value …",
                               "DC values swept: sources, temp, parameters, elements, @element[parameter]; "
                               "the first one fastest"},
               .group = CardGroup::analyses,
               .read = read_dc,
               .analysis = &type},
      .plot = "DC transfer characteristic",
      .vectors = AnalysisType::Vectors::circuit,
      .scale = {"sweep"},
      .sweeps_parameters = true,
      .check = [](const Circuit& circuit,
                  const AnalysisCard&) { require_potentials(circuit, EquationMode::equilibrium); },
      .scales = [](const AnalysisCard& card) { return card.as<DcCard>().sweeps.size(); },
      .rows = [](const Circuit&,
                 const AnalysisCard& card) { return rows_of_sweeps(card.as<DcCard>().sweeps); },
      .run = run_reported<DcCard, run_dc>,
  };
  return type;
}

}  // namespace memspice
