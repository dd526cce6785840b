#pragma once

#include <cstddef>
#include <limits>

namespace memspice {

/// How far a time may be off by rounding, relative. Nothing is known better than its slope lets it there.
inline constexpr double time_rounding = 4 * std::numeric_limits<double>::epsilon();

/// F(t, y, ẏ) = 0 as the integrator and Newton's method see it.
class DaeProblem {
 public:
  virtual ~DaeProblem() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;

  /// F into `residual`. `kappa` (1/s) scales the complementarity form of bounded states: the integrator's
  /// leading coefficient. False when the result is not finite.
  virtual bool residual(double t, const double* y, const double* derivative, double kappa,
                        double* residual) = 0;

  /// Evaluates and factorises J = ∂F/∂y + c ∂F/∂ẏ at the point of the last residual. False when J is
  /// singular.
  virtual bool linearise(double t, const double* y, const double* derivative, double c) = 0;

  /// Replaces b by the solution of J x = b; `scale` corrects for a leading coefficient that has changed
  /// since.
  virtual bool solve(double* b, double scale) = 0;

  /// Error weights at y for a step (s): the error test and Newton's method ask for |error_j| weight_j ≤ 1 in
  /// every component.
  virtual void weights(const double* y, double step, double* weight) = 0;
  /// Whether component i has a part in the error test; Newton's method looks at all of them. What has no
  /// memory needs none, and must have none where it follows from the derivative of something prescribed
  /// (index 2).
  [[nodiscard]] virtual bool tests_error(std::size_t /*i*/) const { return true; }
};

}  // namespace memspice
