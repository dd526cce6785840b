#pragma once

#include <optional>

#include "analysis/transient/step_check.hpp"
#include "analysis/transient/transient_rows.hpp"
#include "solver/ida.hpp"

namespace memspice {

/// What is tried where the integrator cannot go on, and whether its steps can be gone on from. `last` is
/// always the end of the last accepted step, with free motions in place of bounded states; what a way out
/// leads to is put into `at`.
class StepRescue {
 public:
  StepRescue(EquationSystem& system, Ida& ida, TransientRows& rows, const TransientCard& card)
      : system_(system), ida_(ida), rows_(rows), card_(card), check_(system, ida) {}

  /// A segment until `end` begins.
  void begin_segment(double end);
  /// Whether the integrator's last step is one to go on from: its end satisfies the equations, and nothing
  /// that they read of the time has happened within it unseen. Steps that are as short as it goes are.
  [[nodiscard]] bool step_holds(double from, double to);
  /// Back to the beginning of the last step, with one of a quarter of its length. False: that has been done
  /// often enough; a segment that begins there, with the values in `at`, may find better slopes.
  bool repeat_step(double begin, double from, double to, const Solution& last, Solution& at);
  /// The slopes at a corner may be rounding (a farad behind a microsecond), and the first step that is made
  /// of them too short for anything but rounding: the next attempt gives the first step, and every other one
  /// leaves out the slopes of the potentials, which only the predictor needs. False: there have been enough.
  bool start_anew(double begin, const Solution& last);
  /// A segment so short that no charge and no flux changes by more than its tolerance (the edge of a pulse,
  /// of a picosecond beside seconds) may be too short for any integrator: beside C/h there is nothing left of
  /// conductances. One backward Euler step passes it; its end is in `at`, and a row.
  bool cross_segment(double begin, double end, const Solution& last, Solution& at);
  /// Where expressions have kinks (min, abs, the ends of a table) the integrator's Newton method can stay on
  /// the wrong side of one however small the step, with the slopes of its prediction. A backward Euler step
  /// of negligible length with a fresh Jacobian in every iteration gets past it. Returns its end; nothing
  /// when that does not help or has not helped just before.
  std::optional<double> pass_kink(double t, Solution& at);
  /// Ends the segment at the last accepted point: the next one begins with slopes that fit its values, which
  /// the integrator's may no longer do. False: that has been done just before.
  bool leave(double t, const Solution& last, Solution& at);
  /// What made the last segment end early.
  std::optional<StepOutcome> gave_up;

 private:
  void leave_at(double t, const Solution& last, Solution& at);

  EquationSystem& system_;
  Ida& ida_;
  TransientRows& rows_;
  const TransientCard& card_;
  StepCheck check_;
  double segment_end_ = 0;  // s
  std::size_t starts_ = 0;  // of this segment, anew
  double last_leave_ = -infinity;
  double last_kink_ = -infinity;
  double kink_step_ = 0;  // s
};

}  // namespace memspice
