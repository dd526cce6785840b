#include "analysis/output/analysis_frame.hpp"
#include "analysis/output/analysis_output.hpp"
#include "analysis/solution/start.hpp"
#include "analysis/types/analysis_run.hpp"
#include "base/interruption.hpp"
#include "base/stopwatch.hpp"
#include "equations/readout.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {

namespace {

AnalysisReport run_operating_point(AnalysisRun& run, const OperatingPointCard& card) {
  const Circuit& circuit = run.circuit;
  AnalysisReport report;
  Stopwatch watch;
  EquationSystem system(circuit, EquationSystem::Mode::operating_point);
  OutputPlan plan(circuit, type_of<OperatingPointCard>(), {}, run.warnings);
  AnalysisOutput output(circuit, plan, false, run.sink, run.warnings);
  system.sources().enter_segment(0.0);
  report.statistics.setup_seconds = watch.lap();
  report.statistics.unknowns = system.size();
  Solution at = initial_guess(system);
  try {
    report.operating_point = solve_operating_point(system, 0.0, true, at);
    warn_of_loose(circuit, card.where, held_loose(system), run.warnings);
    std::vector<double> row(plan.width());
    plan.circuit_columns().evaluate(system, 0.0, at, row);
    output.row(row);
    report.statistics.rows = 1;
  } catch (const SimulationError& error) {
    report.outcome = Outcome::failed;
    report.message = error.what();
  } catch (const Interrupted&) {
    note_interruption(report);
  }
  output.finish(report);
  const MatrixStatistics& matrix = system.matrix().statistics();
  report.statistics.factorisations = matrix.factorisations;
  report.statistics.solves = matrix.solves;
  report.statistics.factorisation = matrix.cholesky ? "cholesky" : "lu";
  report.statistics.factor_nonzeros = matrix.factor_nonzeros;
  report.statistics.matrix_size = system.unknowns().rows() - 1;
  report.statistics.matrix_nonzeros = system.matrix().nonzeros();
  report.statistics.operating_point_seconds = watch.lap();
  return report;
}

void read_operating_point(CardContext& card) {
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(OperatingPointCard{card.where});
}

}  // namespace

const AnalysisType& type_of(const OperatingPointCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".op", "", "", "operating point"},
               .group = CardGroup::analyses,
               .read = read_operating_point,
               .analysis = &type},
      .plot = "Operating Point",
      .vectors = AnalysisType::Vectors::circuit,
      .check = [](const Circuit& circuit,
                  const AnalysisCard&) { require_potentials(circuit, EquationMode::operating_point); },
      .run = run_reported<OperatingPointCard, run_operating_point>,
  };
  return type;
}

}  // namespace memspice
