#pragma once

#include "analysis/transient/step_limits.hpp"
#include "equations/equation_system.hpp"
#include "solver/ida.hpp"

namespace memspice {

/// How long the steps of a transient may be, by what is known before they are made.
class StepPlan {
 public:
  /// Resolves the sources of the system for the run.
  StepPlan(EquationSystem& system, const TransientCard& card);

  [[nodiscard]] const IdaOptions& options() const { return options_; }
  /// A segment begins in which lines allow no longer steps than this, s. Returns what steps are limited to.
  double begin_segment(double longest_of_lines);
  /// How far a step from t may go, at most as far as lines let it (s): to tstart, from where on fifty steps
  /// make what is left of the run.
  double farthest_step(double t, double of_lines);
  [[nodiscard]] StepLimitCounter& limits() { return limits_; }

 private:
  const TransientCard& card_;
  StepLimitCounter limits_;
  IdaOptions options_;
};

}  // namespace memspice
