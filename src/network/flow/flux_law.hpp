#pragma once

#include <algorithm>
#include <cmath>

namespace memspice::network {

/// A linear memristor in the variable X in which its state is exactly integrable for a given voltage:
///
///     dX/dt = α a(X) - c V,   0 ≤ X ≤ limit,   i = s V / R̂(X),   R̂ = R/Ron
///
/// current control: X = w + ξw²/2, R̂ = √(1 + 2ξX), a = w R̂; voltage control: X = w, R̂ = 1 + ξX, a = X.
struct FluxLaw {
  double excess = 0;       // ξ = Roff/Ron - 1
  double gain = 0;         // c, 1/(V s)
  double conductance = 0;  // s, S
  double alpha = 0;        // 1/s
  bool voltage_control = false;

  bool operator==(const FluxLaw&) const = default;
  [[nodiscard]] double limit() const { return voltage_control ? 1 : 1 + excess / 2; }
  /// R̂, going on with 1 below 0.
  [[nodiscard]] double resistance(double x) const {
    if (x < 0) x = 0;
    return voltage_control ? 1 + excess * x : std::sqrt(1 + 2 * excess * x);
  }
  [[nodiscard]] double resistance_slope(double resistance) const {
    return voltage_control ? excess : excess / resistance;
  }
  [[nodiscard]] double flux(double w) const { return voltage_control ? w : w * (1 + excess * w / 2); }
  [[nodiscard]] double state(double x) const {
    return std::clamp(voltage_control ? x : 2 * x / (1 + resistance(x)), 0.0, 1.0);
  }
  /// a, linear below 0, and its slope.
  [[nodiscard]] double drift(double x) const {
    if (voltage_control || x < 0) return x;
    const double r = resistance(x);
    return 2 * x * r / (1 + r);
  }
  [[nodiscard]] double drift_slope(double x) const {
    return voltage_control || x < 0 ? 1 : 2 - 1 / resistance(x);
  }
  /// dw/dX.
  [[nodiscard]] double state_slope(double resistance) const { return voltage_control ? 1 : 1 / resistance; }
};

}  // namespace memspice::network
