#include "analysis/output/row_budget.hpp"
#include "analysis/sensitivity/linear_sensitivity.hpp"
#include "analysis/sensitivity/objectives.hpp"
#include "analysis/sensitivity/varied_runs.hpp"
#include "analysis/small_signal/small_signal.hpp"
#include "analysis/small_signal/swept_circuit.hpp"
#include "analysis/types/analysis_run.hpp"
#include "netlist/cards/frequencies.hpp"
#include "netlist/cards/output_quantity.hpp"

namespace memspice {

namespace {

AnalysisReport run_sensitivity(AnalysisRun& run, const SensitivityCard& card) {
  if (!card.along.empty()) return sensitivity_along(run, card);
  return card.frequencies.empty() ? sensitivity_at_rest(run, card) : sensitivity_of_phasor(run, card);
}

void check_sensitivity(const Circuit& circuit, const AnalysisCard& given) {
  const auto& card = given.as<SensitivityCard>();
  if (!card.along.empty()) {
    check_varied(circuit, card);
  } else if (card.frequencies.empty()) {
    require_potentials(circuit, EquationMode::equilibrium);
  } else {
    check_linearisation(circuit);
  }
}

RowCount rows_of_sensitivity(const Circuit& circuit, const AnalysisCard& given) {
  const auto& card = given.as<SensitivityCard>();
  if (!card.along.empty()) return rows_of_varied(circuit, card);
  return card.sweeps.empty() ? rows_of_frequencies<SensitivityCard>(circuit, given)
                             : rows_of_sweeps(card.sweeps);
}

std::size_t scales_of_sensitivity(const AnalysisCard& given) {
  const auto& card = given.as<SensitivityCard>();
  return card.frequencies.empty() && card.along.empty() ? card.sweeps.size() : 1;
}

void read_sensitivity(CardContext& card) {
  if (read_objectives(card)) return;
  SensitivityCard read;
  read.where = card.where;
  read.output = output_quantity(card, ".sens");
  if (card.reader.accept_word("ac")) read.frequencies = frequencies(card, ".sens");
  card.reader.accept_word("dc");
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(std::move(read));
}

}  // namespace

const AnalysisType& type_of(const SensitivityCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".sens", "", "v(node[,node])|i(source) [ac dec|oct|lin number first last]",
                               "sensitivity to every parameter"},
               .group = CardGroup::analyses,
               .read = read_sensitivity,
               .adds_elements = true,
               .analysis = &type,
               .check = add_objectives},
      .plot = "Sensitivity Analysis",
      .check = check_sensitivity,
      .scales = scales_of_sensitivity,
      .rows = rows_of_sensitivity,
      .run = run_reported<SensitivityCard, run_sensitivity>,
  };
  return type;
}

}  // namespace memspice
