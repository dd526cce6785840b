#pragma once

#include "analysis/solution/newton.hpp"
#include "solver/ida.hpp"

namespace memspice {

/// What the lossless lines (LosslessLine) of a transient need: histories of their waves that are as good as
/// the integrator, and segments in which each of them is either lumped or follows its delay.
class LineWatch {
 public:
  LineWatch(EquationSystem& system, Ida& ida);

  /// Lines become what the last segment has found; `at` gets the waves they carry.
  void begin_segment(double t, Solution& at);
  /// Consistent values behind a corner, of a segment until `end`: lumped lines that a jump enters follow
  /// their delays from now on. True when there is one: the values no longer fit.
  bool meet_jumps(double t, double end, const Solution& at);
  /// The longest step that the lines allow as they are, s.
  [[nodiscard]] double longest_step() const;
  /// How far a step from t may go, in a segment until `end`: past nothing narrow that is on its way to the
  /// end of a line.
  [[nodiscard]] double farthest_step(double t, double end) const;
  /// The last step, (from, to].
  void note_step(double from, double to);
  /// Whether the segment ends at t, where the last step did, because lines should become something else:
  /// lumped where a delay is all that keeps steps from `longest` (s), followed where lumping goes wrong.
  [[nodiscard]] bool ends_segment(double t, double longest);
  /// The end of a segment, solved to rounding: with the error of Newton's method it would look like a jump.
  void end_segment(double t, Solution& at);

 private:
  template <class Visit>
  void for_each_line(Visit&& visit) const;

  EquationSystem& system_;
  Ida& ida_;
  Solution end_, middle_;  // of the last step
};

}  // namespace memspice
