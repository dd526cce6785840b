#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "network/bound_events.hpp"
#include "network/drive.hpp"
#include "network/held_states.hpp"
#include "network/smooth_piece.hpp"
#include "solver/cvode.hpp"

namespace memspice::network {

/// Projected dynamics on the unit box: dw/dt = f(t, w) inside; at w = 1 it is min(f, 0), at w = 0 max(f, 0).
///
/// A state is free or held at a bound. Between changes of this set the flow is smooth; the changes are
/// located in time within each step (on the step's own interpolant), and the integration starts anew after
/// each. So it is an explicit one-step method that integrates, which loses nothing by that; where a smooth
/// piece is too stiff for it CVODE takes over until the next change.
///
/// Life cycle: construct; start(); then for every stretch on which f is smooth begin_segment(), advance()…
class ProjectedFlow {
 public:
  struct Statistics : Cvode::Statistics {
    long events = 0;  // states that were held or released after the start of a segment
  };

  /// The tolerance is relative and absolute, of each step. Nothing that drives the states may turn twice
  /// within half of `longest_step` (s): while all of them are held, nothing else limits the steps.
  ProjectedFlow(Drive& drive, double tolerance, double longest_step);

  /// The values at the time t, clamped to [0,1]. Integrates nothing yet.
  void start(double t, std::span<const double> w);
  /// From the present time on f is smooth until `end`.
  void begin_segment(double end);
  /// Integrates to t exactly: not before the present time, not past the segment's end. Throws
  /// IntegrationError.
  void advance(double t);

  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] std::span<const double> states() const { return states_; }  // in [0,1] exactly
  [[nodiscard]] Statistics statistics() const;

 private:
  void restart(double t);
  [[nodiscard]] double first_length(double t);
  void take_step();
  void pass_event();
  void take_over();

  Drive& drive_;
  HeldStates held_;
  SmoothPiece piece_;
  BoundEvents events_;
  std::vector<double> states_;
  std::vector<double> rates_;
  std::vector<double> later_states_;
  std::vector<double> later_rates_;
  double time_ = 0;
  double segment_end_ = 0;
  double reached_ = 0;          // the flow is known from the beginning of the last step to here
  bool event_pending_ = false;  // at reached_
  double last_event_ = -std::numeric_limits<double>::infinity();
  std::size_t events_at_once_ = 0;
  double leap_ = 0;  // s: how far the last event was passed by
  long event_count_ = 0;
};

}  // namespace memspice::network
