#include "analysis/transient/step_rescue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace memspice {

namespace {

/// Below this part of the run nothing is looked for within a step.
constexpr double least_look = 1e-9;

}  // namespace

void StepRescue::begin_segment(double end) {
  segment_end_ = end;
  starts_ = 0;
}

bool StepRescue::step_holds(double from, double to) {
  if (!rows_.end_holds()) return false;
  if (!system_.auxiliary().sets().expressions.reads_time() || to - from <= least_look * card_.stop)
    return true;
  return check_.sees_all(from, to);
}

bool StepRescue::repeat_step(double begin, double from, double to, const Solution& last, Solution& at) {
  const double shorter = 0.25 * (to - from);
  if (shorter < 1e-10 * card_.stop && from > begin) {
    gave_up = StepOutcome::no_convergence;
    leave_at(from, last, at);
    return false;
  }
  if (shorter < 1e-14 * card_.stop)
    throw SimulationError(
        fmt::format("the integration cannot go on at t = {:.9g} s (of {:.6g} s): no row satisfies "
                    "Kirchhoff's laws however "
                    "small the step\n  try: raise the smallest resistances, or tell where the circuit "
                    "changes by a source's "
                    "waveform",
                    from, card_.stop));
  ida_.start(from, last.y, last.derivative, segment_end_, shorter);
  return true;
}

bool StepRescue::start_anew(double begin, const Solution& last) {
  constexpr std::array first_steps{1e-9, 1e-7, 1e-5, 1e-3, 0.1};
  if (starts_ == 2 * first_steps.size()) return false;
  Solution from = last;
  if (starts_ % 2 == 1) std::fill_n(from.derivative.begin(), system_.unknowns().rows(), 0.0);
  ida_.start(begin, from.y, from.derivative, segment_end_, first_steps[starts_ / 2] * (segment_end_ - begin));
  ++starts_;
  return true;
}

bool StepRescue::cross_segment(double begin, double end, const Solution& last, Solution& at) {
  if (!system_.error_weights().wants_scale() || !system_.error_weights().tests_potentials()) return false;
  if (system_.auxiliary().modes().has_events() || !system_.auxiliary().sets().lines.lines().empty())
    return false;
  const double length = end - begin;
  Solution next = last;
  std::ranges::fill(next.derivative, 0.0);
  if (!solve_newton_robustly(system_, end, 1 / length, next)) return false;
  std::vector<double> weight(next.y.size());
  system_.weights(next.y.data(), length, weight.data());
  for (std::size_t i = system_.unknowns().potentials(); i < next.y.size(); ++i)
    if (system_.tests_error(i) && !(std::abs(next.y[i] - last.y[i]) * weight[i] <= 1)) return false;
  at = std::move(next);
  rows_.write_point(end, at);
  return true;
}

std::optional<double> StepRescue::pass_kink(double t, Solution& at) {
  if (system_.circuit().programs.empty()) return std::nullopt;
  const bool again = t - last_kink_ < 10 * kink_step_;
  kink_step_ = again ? 8 * kink_step_ : 1e-9 * card_.stop;
  if (kink_step_ > 1e-5 * card_.stop || t + kink_step_ >= card_.stop) return std::nullopt;
  std::ranges::copy(ida_.y(), at.y.begin());
  std::ranges::fill(at.derivative, 0.0);
  last_kink_ = t + kink_step_;
  if (!solve_newton_robustly(system_, last_kink_, 1 / kink_step_, at)) return std::nullopt;
  system_.path().project(last_kink_, at.y.data(), at.derivative.data());
  return last_kink_;
}

bool StepRescue::leave(double t, const Solution& last, Solution& at) {
  if (!(t - last_leave_ > 1e-6 * card_.stop)) return false;
  leave_at(t, last, at);
  return true;
}

void StepRescue::leave_at(double t, const Solution& last, Solution& at) {
  at = last;
  system_.path().project(t, at.y.data(), at.derivative.data());
  last_leave_ = t;
}

}  // namespace memspice
