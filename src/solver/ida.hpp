#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "solver/dae.hpp"
#include "solver/step_memory.hpp"

namespace memspice {

struct IdaOptions {
  int max_order = 5;
  double max_step = 0;       // s; 0: no limit
  double longest_start = 0;  // s: the first step of every start is not longer; 0: no limit
  /// What Newton's corrections of unknowns outside of the error test may be by rounding alone, in tolerances.
  double untested_rounding = 0;
  /// What Newton's method may leave of the error test's tolerance in a step.
  double newton_tolerance = 0.33;
  bool remembers = false;  // the problem may oscillate: steps follow a StepMemory
  double end = std::numeric_limits<double>::infinity();  // s, of the run; infinity: nobody knows
};

struct IdaStatistics {
  long steps = 0;
  long failed_steps = 0;  // error test
  long residuals = 0;
  long newton_iterations = 0;
  long newton_failures = 0;

  IdaStatistics& operator+=(const IdaStatistics& other);
};

enum class StepOutcome {
  accepted,
  reached_stop,     // accepted, and exactly at the stop time
  no_convergence,   // Newton's method or the linear solver failed at the smallest step
  error_too_large,  // the error test failed at the smallest step
};

/// SUNDIALS IDA on a DaeProblem: one step at a time, our vectors, our linear solver.
class Ida {
 public:
  Ida(DaeProblem& problem, const IdaOptions& options);
  ~Ida();
  Ida(const Ida&) = delete;
  Ida& operator=(const Ida&) = delete;

  /// Starts (again) at t with consistent values; no step passes `stop`, the first one is not longer than
  /// `first` (s; 0: a thousandth of the way).
  void start(double t, std::span<const double> y, std::span<const double> derivative, double stop,
             double first = 0);
  /// From now on no step is longer than this, s.
  void limit_steps(double longest);
  /// One internal step, not past t = `farthest`. An exception thrown by the problem comes out here.
  StepOutcome step(double farthest);
  /// The length of the step that IDA means to take, s.
  [[nodiscard]] double next_step() const;

  [[nodiscard]] double time() const;
  /// Another number after every start and step.
  [[nodiscard]] std::uint64_t moves() const;
  [[nodiscard]] double last_step() const;
  [[nodiscard]] double leading_coefficient() const;
  // Empty before the first start.
  [[nodiscard]] std::span<const double> y() const;
  [[nodiscard]] std::span<const double> derivative() const;
  /// How much each correction of Newton's method left of the one before, in the last step: 1 where there was
  /// one alone, and nothing is known. And its last correction, in tolerances.
  [[nodiscard]] double contraction() const;
  [[nodiscard]] double last_correction() const;
  /// The correction that would follow at the end of the last step, in tolerances; infinity: there is none.
  [[nodiscard]] double next_correction();
  /// The integrator's own interpolant and its derivative at a time within the last step.
  void interpolate(double t, std::span<double> y, std::span<double> derivative);
  [[nodiscard]] const IdaStatistics& statistics() const;
  /// Null unless IdaOptions ask for it.
  [[nodiscard]] StepMemory* memory() const;

  struct State;  // IDA's memory and vectors; the callbacks' context

 private:
  std::unique_ptr<State> state_;
};

}  // namespace memspice
