#include "analysis/output/row_budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "analysis/output/output_plan.hpp"

namespace memspice {

namespace {

double points_of(const Circuit& circuit) {
  double points =
      circuit.repetitions.monte_carlo ? static_cast<double>(circuit.repetitions.monte_carlo->runs) : 1;
  if (!circuit.repetitions.temperatures.empty())
    points *= static_cast<double>(circuit.repetitions.temperatures.size());
  for (const Sweep& sweep : circuit.repetitions.steps) points *= static_cast<double>(sweep.values.size());
  return points;
}

/// "24 GB"
std::string size_text(double bytes) {
  constexpr const char* units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  for (; bytes >= 1000 && unit + 1 < std::size(units); ++unit) bytes /= 1000;
  return fmt::format("{:.3g} {}", bytes, units[unit]);
}

/// " of 3 vectors (24 GB)"; nothing of analyses whose vectors are not those of the circuit.
std::string vectors_text(const Circuit& circuit, const AnalysisCard& card, double rows) {
  const AnalysisType& type = card.type();
  std::vector<VectorInfo> scale(type.scales_of(card));
  std::vector<Diagnostic> warnings;
  const OutputPlan plan(circuit, type, std::move(scale), warnings);
  if (!plan.of_circuit()) return {};
  const std::size_t swept = circuit.repetitions.steps.size() +
                            (circuit.repetitions.temperatures.empty() ? 0 : 1) +
                            (circuit.repetitions.monte_carlo ? 1 : 0);
  const std::size_t vectors = plan.vectors().size() + swept;
  const double each = type.vectors == AnalysisType::Vectors::changes ? 16 : 8;
  return fmt::format(" of {} vectors ({})", vectors, size_text(rows * each * static_cast<double>(vectors)));
}

}  // namespace

Diagnostic at_card(const Circuit& circuit, Location where, std::string message, std::string hint,
                   Severity severity) {
  std::size_t length = 1;
  if (where.known()) {
    const std::string_view text = circuit.sources->text(where.file).substr(where.offset);
    length = std::min(text.find_first_of(" \t\r\n"), text.size());
  }
  return diagnose(*circuit.sources, where, length, std::move(message), std::move(hint), severity);
}

RowCount rows_of_values(double values) {
  return {values, "one for each value", "larger steps have fewer"};
}

std::vector<Diagnostic> check_rows(const Circuit& circuit) {
  constexpr double many = 1e7;
  const double points = points_of(circuit);
  const Budgets& budgets = circuit.options.budgets;
  if (points > budgets.limit(Resource::points)) {
    const Repetitions& repeated = circuit.repetitions;
    const Location where = repeated.monte_carlo     ? repeated.monte_carlo->where
                           : repeated.steps.empty() ? Location{}
                                                    : repeated.steps.front().where;
    throw DeckError(at_card(circuit, where, budgets.message(Resource::points), budgets.hint(Resource::points),
                            Severity::error));
  }
  if (points == 1)  // otherwise each may have other times
    for (const AnalysisCard& card : circuit.analyses)
      if (card.type().check_length) card.type().check_length(circuit, card);
  double total = 0;
  const AnalysisCard* longest = nullptr;
  RowCount most{.number = 0};
  for (const AnalysisCard& card : circuit.analyses) {
    RowCount count = card.type().rows ? card.type().rows(circuit, card) : rows_of_values(1);
    count.number *= points;
    total += count.number;
    if (count.number <= most.number) continue;
    most = std::move(count);
    longest = &card;
  }
  const double limit = budgets.limit(Resource::rows, circuit.options.max_rows);
  const bool limited = limit < infinity;
  if (total <= (limited ? limit : many)) return {};
  std::string message =
      fmt::format("{:.3g} rows or more{}", most.number, vectors_text(circuit, *longest, most.number));
  if (points > 1) message += fmt::format(" at {:g} points", points);
  if (total > 1.01 * most.number) message += fmt::format(", of {:.3g} of all analyses", total);
  if (limited) message += fmt::format(", where maxrows is {:g}", limit);
  message += ": " + most.cause;
  const std::string hint = most.remedy + (most.remedy.empty() ? "" : ", ") + ".save writes fewer vectors" +
                           (points > 1 ? ", and fewer points are fewer rows" : "");
  if (limited) throw DeckError(at_card(circuit, longest->where(), std::move(message), hint, Severity::error));
  return {at_card(circuit, longest->where(), std::move(message),
                  hint + "; .options maxrows says how many are too many", Severity::warning)};
}

}  // namespace memspice
