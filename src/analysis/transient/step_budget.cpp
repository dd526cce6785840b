#include "analysis/transient/step_budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/output/row_budget.hpp"

namespace memspice {

namespace {

/// The cause and the remedy are texts with {} for a value.
void raise(RowCount& count, double number, const char* cause, double value, const char* remedy) {
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
RowCount steps_of(const Circuit& circuit, const TransientCard& card) {
  const char* const on_a_grid = ".options interp with a tstep writes rows on its grid only";
  RowCount count;
  raise(count, 50, "a run has at least {:g} steps", 50, on_a_grid);
  raise(count, card.stop / card.max_step, "steps are at most {:g} s long (tmax, .options maxstep)",
        card.max_step, "a longer tmax has fewer steps");
  for (const std::uint32_t number : circuit.functions.distinct_in_time()) {
    SourceFunction function = circuit.functions[number];
    using Kind = SourceFunction::Kind;
    if (function.kind == Kind::noise || function.kind == Kind::random_steps) continue;  // of bounded length
    if (function.kind == Kind::piecewise_linear) {
      const double corners = corners_of(function, card.stop);
      raise(count, corners, "a source has {:.3g} corners", corners, on_a_grid);
      continue;
    }
    function.resolve(card.step, card.stop);
    const double period = function.shortest_period();
    raise(count, 8 * card.stop / period, "a source has a period of {:g} s, in which are 8 steps", period,
          on_a_grid);
    const double corners = corners_of(function, card.stop);
    raise(count, corners, "a source has {:.3g} corners", corners, on_a_grid);
  }
  return count;
}

}  // namespace

RowCount rows_of_transient(const Circuit& circuit, const TransientCard& card) {
  const double span = card.stop - card.start;
  const bool on_grid = circuit.options.interp && card.step > 0;
  RowCount count{2, "they are the first and the last of each run"};
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

void check_steps(const Circuit& circuit, const TransientCard& card) {
  const Budgets& budgets = circuit.options.budgets;
  const RowCount steps = steps_of(circuit, card);
  if (steps.number <= budgets.limit(Resource::corners)) return;
  throw DeckError(at_card(circuit, card.where,
                          fmt::format("{:.3g} steps or more, where the budget 'corners' is {:g}: {}",
                                      steps.number, budgets.limit(Resource::corners), steps.cause),
                          "a shorter run has fewer; " + budgets.hint(Resource::corners), Severity::error));
}

}  // namespace memspice
