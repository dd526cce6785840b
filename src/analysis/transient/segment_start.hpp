#pragma once

#include <vector>

#include "analysis/transient/event_search.hpp"
#include "analysis/transient/line_watch.hpp"
#include "analysis/transient/resonance.hpp"

namespace memspice {

/// What begins with every smooth segment of a transient: consistent values, with the modes of conditions and
/// switches and the waves of lines that fit them; and what follows the steps within it.
class SegmentStart {
 public:
  /// Of a run until `stop`, s.
  SegmentStart(EquationSystem& system, Ida& ida, double stop)
      : resonance(system), lines(system, ida), events(system, ida), system_(system), stop_(stop) {}

  /// Corners that only rounding keeps apart are one: IDA refuses so short a segment.
  [[nodiscard]] double next_corner(double t) const;
  /// Makes `at` consistent at the beginning of a segment [t, end]. Throws SimulationError.
  void begin(double t, double end, Solution& at);
  /// How long the first step of the segment that has begun at t and ends at `end` may be, s.
  [[nodiscard]] double first_step(double t, double end) const;

  ResonanceWatch resonance;
  LineWatch lines;
  EventSearch events;

 private:
  double find_consistent(double t, double end, Solution& at);
  void find_scale(double t, double end, const Solution& at);
  void look_for_bend(const Solution& at);

  EquationSystem& system_;
  double stop_;
  double consistent_step_ = 0;  // s, that errs little as far as consistent values tell
  struct {
    double length = 0;               // s; 0: there is none
    std::vector<double> derivative;  // at its end
    bool straight = false;           // it errs next to nothing
  } trial_;                          // an implicit Euler step over the segment, or much of it
};

}  // namespace memspice
