#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "solver/dormand_prince_coefficients.hpp"

namespace memspice {

class OdeProblem;

/// A step of Dormand and Prince's method: its stages, the estimate of its error and the solution within it
/// (coefficients and formulas: Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, II.10).
/// How long steps are is decided by DormandPrince.
///
/// Life cycle: construct once; set_out() for every smooth piece; then for every step go_on(), try_length()
/// until the error is small enough, and end_at(). Exceptions thrown by the problem come out of try_length()
/// and interpolate().
class DormandPrinceStep {
 public:
  explicit DormandPrinceStep(OdeProblem& problem);

  /// A step of no length at (t, y), where f is `rates`; held unknowns do not move from now on.
  void set_out(double t, std::span<const double> y, std::span<const double> rates,
               const std::vector<bool>& held);
  /// The next step begins where this one ends.
  void go_on();
  /// Makes the step with this length (s). Its error in tolerances, relative and absolute, of the unknown that
  /// errs most: infinity when f does not exist at a stage.
  double try_length(double length, double tolerance);
  /// Accepts what was tried last, as a step that ends at t; at begin(): gives it up.
  void end_at(double t) { time_ = t; }
  /// Whether nearby solutions approach each other so fast that the length, as it was tried last, is limited
  /// by the method's stability.
  [[nodiscard]] bool stiff(double length) const;

  [[nodiscard]] double begin() const { return begin_; }
  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] double first(std::size_t k) const { return start_[k]; }
  /// f at a stage, of held unknowns too.
  [[nodiscard]] std::span<const double> rate(int stage) const {
    return std::span(rates_).subspan(static_cast<std::size_t>(stage) * size_, size_);
  }
  /// Bounds of f of an unknown at the stages and at the end, held or not.
  struct Range {
    double lowest = 0;
    double highest = 0;
  };
  [[nodiscard]] Range rates(std::size_t k) const;
  /// Unknown k at t, which must lie within the step, or its slope.
  [[nodiscard]] double interpolate(double t, int derivative, std::size_t k);
  [[nodiscard]] long evaluations() const { return evaluations_; }

 private:
  bool evaluate(int stage, double length);
  [[nodiscard]] double error(double length, double tolerance) const;
  void extend();
  [[nodiscard]] double polynomial(double share, int derivative, std::size_t k) const;

  OdeProblem& problem_;
  std::size_t size_;
  std::vector<double> rates_;  // of the stages, one after the other
  std::vector<double> start_;  // y at the beginning of the step
  std::vector<double> y_;      // and at its end
  std::vector<double> stage_;
  std::vector<double> last_stage_;
  std::array<std::vector<double>, 7> terms_;  // of the continuous extension
  std::vector<bool> held_;
  bool extended_ = false;  // terms_ belong to this step
  double begin_ = 0;
  double time_ = 0;
  long evaluations_ = 0;
};

}  // namespace memspice
