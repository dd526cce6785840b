#include "analysis/output/row_budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>

#include "analysis/output/output_plan.hpp"

namespace memspice {

namespace {

/// So many rows or steps, what asks for them and what lowers them.
struct Count {
  double number = 1;
  std::string cause = {};
  std::string remedy = {};
};

/// The cause and the remedy are texts with {} for a value.
void raise(Count& count, double number, const char* cause, double value, const char* remedy) {
  if (!(number > count.number)) return;
  count = {number, fmt::vformat(cause, fmt::make_format_args(value)), remedy};
}

/// Corners of a waveform before the stop, about.
double corners_of(const SourceFunction& function, double stop) {
  if (function.kind == SourceFunction::Kind::pulse)
    return 4 * std::fmin(std::fmax(0, stop - function.values[2]) / function.values[6], function.cycles);
  if (function.kind != SourceFunction::Kind::piecewise_linear) return 0;
  const auto end =
      std::ranges::upper_bound(function.points, stop - function.delay, {}, &std::pair<double, double>::first);
  const double length = function.points.back().first - function.repeat_from;  // NaN: no repetitions
  return static_cast<double>(end - function.points.begin()) *
         (length > 0 ? std::fmax(1.0, stop / length) : 1);
}

/// What the integrator takes in any case.
Count steps_of(const Circuit& circuit, const TransientCard& card) {
  const char* const on_a_grid = ".options interp with a tstep writes rows on its grid only";
  Count count;
  raise(count, 50, "a run has at least {:g} steps", 50, on_a_grid);
  raise(count, card.stop / card.max_step, "steps are at most {:g} s long (tmax, .options maxstep)",
        card.max_step, "a longer tmax has fewer steps");
  for (const SourceFunction& function : circuit.functions) {
    using Kind = SourceFunction::Kind;
    if (function.kind == Kind::noise || function.kind == Kind::random_steps) continue;  // of bounded length
    if (function.kind == Kind::piecewise_linear) {
      const double corners = corners_of(function, card.stop);
      raise(count, corners, "a source has {:.3g} corners", corners, on_a_grid);
      continue;
    }
    SourceFunction resolved = function;
    resolved.resolve(card.step, card.stop);
    const double period = resolved.shortest_period();
    raise(count, 8 * card.stop / period, "a source has a period of {:g} s, in which are 8 steps", period,
          on_a_grid);
    const double corners = corners_of(resolved, card.stop);
    raise(count, corners, "a source has {:.3g} corners", corners, on_a_grid);
  }
  return count;
}

Count rows_of(const Circuit& circuit, const TransientCard& card) {
  const double span = card.stop - card.start;
  const bool on_grid = circuit.options.interp && card.step > 0;
  Count count{2, "they are the first and the last of each run"};
  if (!on_grid) {
    count = steps_of(circuit, card);
    count.number = std::fmax(50, count.number * (span / card.stop));
  }
  if (card.step > 0)
    raise(count, span / card.step, "they are {:g} s apart", card.step,
          on_grid ? "a longer tstep or initial_interval has fewer"
                  : "a tstep of 0 leaves their distance to the integrator");
  if (count.remedy.empty()) return count;
  count.remedy += ", a later tstart leaves out the first ones";
  return count;
}

template <class Card>
Count rows_of(const Circuit&, const Card& card) {
  Count count;
  if constexpr (std::is_same_v<Card, DcCard>) {
    for (const Sweep& sweep : card.sweeps) count.number *= static_cast<double>(sweep.values.size());
  } else if constexpr (requires { card.frequencies; }) {
    count.number = static_cast<double>(std::max<std::size_t>(1, card.frequencies.size()));
  }
  count.cause = "one for each value";
  count.remedy = "larger steps have fewer";
  return count;
}

double points_of(const Circuit& circuit) {
  double points = circuit.monte_carlo ? static_cast<double>(circuit.monte_carlo->runs) : 1;
  if (!circuit.temperatures.empty()) points *= static_cast<double>(circuit.temperatures.size());
  for (const Sweep& sweep : circuit.steps) points *= static_cast<double>(sweep.values.size());
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
  const AnalysisKind kind = kind_of(card);
  std::vector<VectorInfo> scale(kind == AnalysisKind::operating_point ? 0 : 1);
  if (const auto* dc = std::get_if<DcCard>(&card)) scale.resize(dc->sweeps.size());
  std::vector<Diagnostic> warnings;
  const OutputPlan plan(circuit, kind, std::move(scale), warnings);
  if (!plan.of_circuit()) return {};
  const std::size_t swept =
      circuit.steps.size() + (circuit.temperatures.empty() ? 0 : 1) + (circuit.monte_carlo ? 1 : 0);
  const std::size_t vectors = plan.vectors().size() + swept;
  const double each = kind == AnalysisKind::ac ? 16 : 8;
  return fmt::format(" of {} vectors ({})", vectors, size_text(rows * each * static_cast<double>(vectors)));
}

/// A message where the card begins.
Diagnostic at_card(const Circuit& circuit, const AnalysisCard& card, std::string message, std::string hint,
                   Severity severity) {
  const Location where = std::visit([](const auto& c) { return c.where; }, card);
  std::size_t length = 1;
  if (where.known()) {
    const std::string_view text = circuit.sources->text(where.file).substr(where.offset);
    length = std::min(text.find_first_of(" \t\r\n"), text.size());
  }
  return diagnose(*circuit.sources, where, length, std::move(message), std::move(hint), severity);
}

}  // namespace

std::vector<Diagnostic> check_rows(const Circuit& circuit) {
  constexpr double many = 1e7;
  const double points = points_of(circuit);
  if (points == 1)  // otherwise each may have other times
    for (const AnalysisCard& card : circuit.analyses)
      if (const auto* transient = std::get_if<TransientCard>(&card)) check_steps(circuit, *transient);
  double total = 0;
  const AnalysisCard* longest = nullptr;
  Count most{.number = 0};
  for (const AnalysisCard& card : circuit.analyses) {
    Count count = std::visit([&](const auto& c) { return rows_of(circuit, c); }, card);
    count.number *= points;
    total += count.number;
    if (count.number <= most.number) continue;
    most = std::move(count);
    longest = &card;
  }
  if (total <= circuit.options.max_rows.value_or(many)) return {};
  std::string message =
      fmt::format("{:.3g} rows or more{}", most.number, vectors_text(circuit, *longest, most.number));
  if (points > 1) message += fmt::format(" at {:g} points", points);
  if (total > 1.01 * most.number) message += fmt::format(", of {:.3g} of all analyses", total);
  if (circuit.options.max_rows) message += fmt::format(", where maxrows is {:g}", *circuit.options.max_rows);
  message += ": " + most.cause;
  const std::string hint = most.remedy + (most.remedy.empty() ? "" : ", ") + ".save writes fewer vectors" +
                           (points > 1 ? ", and fewer points are fewer rows" : "");
  if (circuit.options.max_rows)
    throw DeckError(at_card(circuit, *longest, std::move(message), hint, Severity::error));
  return {at_card(circuit, *longest, std::move(message),
                  hint + "; .options maxrows says how many are too many", Severity::warning)};
}

void check_steps(const Circuit& circuit, const TransientCard& card) {
  constexpr double most = 1e12;  // weeks
  const Count steps = steps_of(circuit, card);
  if (steps.number <= most) return;
  throw DeckError(
      at_card(circuit, card,
              fmt::format("{:.3g} steps or more, which nobody can wait for: {}", steps.number, steps.cause),
              "a shorter run has fewer", Severity::error));
}

}  // namespace memspice
