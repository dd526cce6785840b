#pragma once

#include <algorithm>

#include "memspice/simulate.hpp"

namespace memspice {

/// Counts what bounded the steps of a transient.
class StepLimitCounter {
 public:
  using Limit = long StepLimits::*;

  /// Steps are at most so long, because of `limit`; the shortest counts.
  void cap(double longest, Limit limit);
  /// The same until the next call.
  void cap_segment(double longest, Limit limit);
  [[nodiscard]] double longest() const { return std::min(longest_, longest_of_segment_); }
  /// What would count without cap_segment().
  [[nodiscard]] double longest_of_all() const { return longest_; }

  /// What else may have ended a step.
  struct Step {
    double length = 0;         // s
    bool event = false;        // at a condition or a switch that changes
    bool corner = false;       // at a time that was known
    long newton_failures = 0;  // so far in the run
  };
  void note(const Step& step);

  [[nodiscard]] const StepLimits& limits() const { return limits_; }

 private:
  StepLimits limits_;
  double longest_ = infinity;
  Limit of_longest_ = &StepLimits::error_test;
  double longest_of_segment_ = infinity;
  Limit of_segment_ = &StepLimits::error_test;
  long newton_failures_ = 0;
};

}  // namespace memspice
