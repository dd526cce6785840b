#pragma once

#include "memspice/simulate.hpp"

namespace memspice {

/// Counts what bounded the steps of a transient.
class StepLimitCounter {
 public:
  using Limit = long StepLimits::*;

  /// Steps are at most so long, because of `limit`; the shortest counts.
  void cap(double longest, Limit limit);
  [[nodiscard]] double longest() const { return longest_; }

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
  long newton_failures_ = 0;
};

}  // namespace memspice
