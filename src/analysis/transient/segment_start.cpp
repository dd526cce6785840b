#include "analysis/transient/segment_start.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "equations/kirchhoff_check.hpp"

namespace memspice {

double SegmentStart::next_corner(double t) const {
  const double corner = system_.points().next_breakpoint(t * (1 + 1e-12));
  return corner < stop_ * (1 - 1e-12) ? corner : stop_;
}

void SegmentStart::begin(double t, double end, Solution& at) {
  resonance.begin_segment();
  system_.path().begin(t, at.y.data(), at.derivative.data());
  lines.begin_segment(t, at);
  if (system_.auxiliary().modes().has_events()) {
    system_.auxiliary().sets().expressions.freeze(true);
    system_.auxiliary().modes().decide(system_.points().of_rows(t, at.y.data(), at.derivative.data()));
  }
  find_scale(t, end, at);
  do {
    consistent_step_ = find_consistent(t, end, at);
  } while (lines.meet_jumps(t, end, at));
  system_.auxiliary().sets().note_corner(system_.points().of_rows(t, at.y.data(), at.derivative.data()),
                                         system_.error_weights());
  system_.path().project(t, at.y.data(), at.derivative.data());
  system_.path().begin(t, at.y.data(), at.derivative.data());
  events.begin(t, at);
  look_for_bend(at);
}

double SegmentStart::first_step(double t, double end) const {
  // Only linear equations hide nothing that begins within the segment. From a hundredth of it the order rises
  // before the steps become long; from a tenth their errors add up.
  if (!system_.unknowns().is_linear()) return std::min(consistent_step_, 1e-3 * (end - t));
  return trial_.straight ? trial_.length : std::min(consistent_step_, 1e-2 * (end - t));
}

/// Whether the trial step has ended with the slopes that it began with: those of an edge of a pulse, which is
/// over before anything has moved.
void SegmentStart::look_for_bend(const Solution& at) {
  constexpr double negligible = 0.01;  // of the error test's tolerance
  trial_.straight = false;
  if (trial_.length == 0) return;
  std::vector<double> weight(at.y.size());
  system_.weights(at.y.data(), trial_.length, weight.data());
  for (std::size_t i = 0; i < at.y.size(); ++i) {
    if (!system_.tests_error(i)) continue;
    const double bend = std::abs(trial_.derivative[i] - at.derivative[i]);
    if (!(trial_.length * bend * weight[i] <= negligible)) return;
  }
  trial_.straight = true;
}

/// Consistent values, with the modes of conditions and switches that fit them.
double SegmentStart::find_consistent(double t, double end, Solution& at) {
  if (!system_.auxiliary().modes().has_events()) return make_consistent(system_, t, end - t, at);
  constexpr int most_rounds = 20;
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
  trial_.length = 0;
  if (!system_.error_weights().wants_scale()) return;
  const double h = std::min({end - t, 1e-3 * stop_, system_.sources().shortest_period() / 8});
  Solution trial = at;
  std::ranges::fill(trial.derivative, 0.0);
  if (solve_newton(system_, t + h, 1 / h, trial) == 0) return;
  trial_.length = h;
  trial_.derivative = trial.derivative;
  system_.error_weights().note_scale(trial.y.data());
  KirchhoffCheck(system_).note_currents(t + h, trial.y.data(), trial.derivative.data());
}

}  // namespace memspice
