#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "memspice/error.hpp"

namespace memspice::network {

/// The integration stopped short: no step leads on from `time`.
class IntegrationError : public SimulationError {
 public:
  IntegrationError(double time, const std::string& reason) : SimulationError(reason), time(time) {}
  double time;  // s
};

/// f of dw/dt = f(t, w), and Newton's linear systems for it with some states held.
class Drive {
 public:
  virtual ~Drive() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Writes f(t, w), held or not. False outside the domain, which must contain the box and a little more.
  virtual bool rates(double t, std::span<const double> w, std::span<double> rates) = 0;
  /// Whether f has been looked at, since this was last asked, so far outside the box that it is not the
  /// analytic continuation of what it is inside.
  virtual bool left_continuation() = 0;
  /// How far from 0 a state may go until its device is another one.
  [[nodiscard]] virtual double grain(std::size_t k) const = 0;
  /// As OdeProblem::linearise, for the free states only.
  virtual bool linearise(double t, std::span<const double> w, double gamma, bool keep,
                         const std::vector<bool>& held) = 0;
  /// Solves (I - γ ∂f/∂w) x = b for the free states; x is 0 for the held ones on entry and exit.
  virtual void newton_solve(std::span<double> x) = 0;
};

}  // namespace memspice::network
