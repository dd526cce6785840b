#include "analysis/transient/segment_start.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "equations/kirchhoff_check.hpp"

namespace memspice {

double SegmentStart::next_corner(double t) const {
  const double corner = system_.points().next_breakpoint(t * (1 + 1e-12));
  return corner < stop_ * (1 - 1e-12) ? corner : stop_;
}

double SegmentStart::begin(double t, double end, Solution& at) {
  double first_step = 0;
  resonance.begin_segment();
  system_.path().begin(t, at.y.data(), at.derivative.data());
  lines.begin_segment(t, at);
  find_scale(t, end, at);
  do {
    first_step = find_consistent(t, end, at);
  } while (lines.meet_jumps(t, end, at));
  system_.auxiliary().sets().note_corner(system_.points().of_rows(t, at.y.data(), at.derivative.data()),
                                         system_.error_weights());
  system_.path().project(t, at.y.data(), at.derivative.data());
  system_.path().begin(t, at.y.data(), at.derivative.data());
  events.begin(t, at);
  return first_step;
}

/// Consistent values, with the modes of conditions and switches that fit them.
double SegmentStart::find_consistent(double t, double end, Solution& at) {
  if (!system_.auxiliary().modes().has_events()) return make_consistent(system_, t, end - t, at);
  constexpr int most_rounds = 20;
  system_.auxiliary().sets().expressions.freeze(true);
  system_.auxiliary().modes().decide(system_.points().of_rows(t, at.y.data(), at.derivative.data()));
  for (int round = 0;; ++round) {
    const double first_step = make_consistent(system_, t, end - t, at);
    if (!system_.auxiliary().modes().decide(system_.points().of_rows(t, at.y.data(), at.derivative.data())))
      return first_step;
    if (round == most_rounds)
      throw SimulationError(fmt::format(
          "conditions or switches contradict each other at t = {:.9g} s: each of their states changes "
          "one\n"
          "  try: give switches hysteresis, or put a capacitor where a comparison feeds back on itself",
          t));
  }
}

/// What starts at zero does not tell how large it becomes; an implicit Euler step does.
void SegmentStart::find_scale(double t, double end, const Solution& at) {
  if (!system_.error_weights().wants_scale()) return;
  const double h = std::min({end - t, 1e-3 * stop_, system_.sources().shortest_period() / 8});
  Solution trial = at;
  std::ranges::fill(trial.derivative, 0.0);
  if (solve_newton(system_, t + h, 1 / h, trial) == 0) return;
  system_.error_weights().note_scale(trial.y.data());
  KirchhoffCheck(system_).note_currents(t + h, trial.y.data(), trial.derivative.data());
}

}  // namespace memspice
