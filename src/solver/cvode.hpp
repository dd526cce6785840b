#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>

namespace memspice {

/// dy/dt = f(t, y) for Cvode, with the linear systems of its Newton iteration.
class OdeProblem {
 public:
  virtual ~OdeProblem() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Writes f(t, y). False when (t, y) is outside the domain of f: the integrator then tries a smaller step.
  virtual bool rates(double t, std::span<const double> y, std::span<double> rates) = 0;
  /// Prepares newton_solve() at (t, y): factorises I - γ ∂f/∂y, or a good approximation of it. With `keep`
  /// the Jacobian of the last call is still good and only γ has changed. False as for rates().
  virtual bool linearise(double t, std::span<const double> y, double gamma, bool keep) = 0;
  /// Solves (I - γ ∂f/∂y) x = b; `x` holds b on entry.
  virtual void newton_solve(std::span<double> x) = 0;
};

/// Relative to the time: nothing shorter moves it reliably.
inline constexpr double shortest_step = 4 * std::numeric_limits<double>::epsilon();

/// SUNDIALS CVODE, one internal step at a time, so that the caller can look inside each step. BDF of orders 1
/// to 5, for stiff problems.
///
/// Life cycle: construct once; start() for every smooth segment; step() until the segment's end;
/// interpolate() anywhere within the last step. Exceptions thrown by the problem come out of step().
class Cvode {
 public:
  struct Statistics {
    long steps = 0;
    long rate_evaluations = 0;
    long factorisations = 0;
    long starts = 0;
  };

  /// Steps are at most `longest_step` long (s; 0: no limit).
  Cvode(OdeProblem& problem, double relative_tolerance, double absolute_tolerance, double longest_step = 0);
  ~Cvode();
  Cvode(Cvode&&) = delete;

  /// Forgets all history and begins at (t, y). No step passes `end` (> t), and the last one ends exactly
  /// there.
  void start(double t, std::span<const double> y, double end);
  /// One internal step. False when none can be made: time() is how far the integration got, failure() says
  /// why.
  bool step();
  /// End of the last step, or the start.
  [[nodiscard]] double time() const;
  [[nodiscard]] const std::string& failure() const;
  /// The derivative of the given order (0: the value) of the solution at t, which must lie within the last
  /// step.
  void interpolate(double t, int derivative, std::span<double> y) const;
  [[nodiscard]] Statistics statistics() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace memspice
