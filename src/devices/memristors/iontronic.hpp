#pragma once

#include <array>

#include "devices/memristors/memristor_functions.hpp"

namespace memspice {

/// A volatile memristor of ions in a channel (Kamsma and others, Physical Review Letters 130 (2023) 268401;
/// Pyontronics): its conductance relaxes to one that depends on the voltage u = polarity v,
///
///     i = gch g v,   τ dg/dt = g∞(u) - g                                          [A]
///     cone   g∞ = 1 + Δg ∫₀¹ (z - (exp(p z) - 1)/(exp(p) - 1)) ds,  z = s/(q - (q - 1) s),  p = peclet u
///     tanh   g∞ = 1 + Δg tanh(u/v1)
///
/// s is the place along a cone whose base is q = Rb/Rt times as wide as its tip; p is the Péclet number of
/// the flow at the tip, Pe Rt/Rb = (ε ψ0/(η D)) u; Δg = -2 w (1 - 1/q) Du. The defaults are the letter's.
class Iontronic {
 public:
  static constexpr int branches = 1;
  static constexpr bool conducts_by_state = true;
  static constexpr std::array<UnknownDescription, 1> unknowns{UnknownDescription{
      .name = "g", .kind = UnknownKind::state, .lower = 0.01, .upper = 2, .initial = "g0"}};
  static DeviceType describe();

  explicit Iontronic(std::span<const double> values);
  [[nodiscard]] StateBounds bounds(int) const { return bounds_; }

  template <class Real>
  void equations(const Local<Iontronic, Real>& x, Equations<Iontronic, Real>& f) const {
    f.current[0] = conductance_ * x.unknown[0] * x.voltage[0];
    f.unknown[0] = (target(polarity_ * x.voltage[0]) - x.unknown[0]) / tau_;
  }

  /// Resistance, ohm; g∞.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<Iontronic, Real>& x) const {
    if (which == 1) return target(polarity_ * x.voltage[0]);
    return 1.0 / (conductance_ * x.unknown[0]);
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<Iontronic, double>& x, double kelvin, double, std::span<double> density) const {
    density[0] = thermal_noise(kelvin, conductance_ * x.unknown[0]);
  }

 private:
  /// One place of the quadrature over z, Gauss's over t in z = t² (3 - 2t): close together at both ends,
  /// since the exponential leaves its bound within 1/|p| at one of them and ds/dz falls from q within 1/q at
  /// 0.
  struct Place {
    double weight = 0;
    double part = 0;  // z, of the exponent at the tip
  };
  static const std::array<Place, 32> places_;

  template <class Real>
  [[nodiscard]] Real target(const Real& u) const {
    if (!cone_) return 1.0 + swing_ * hyperbolic_tangent(u / step_);
    // The integrand is the same for p and -p with both exponentials turned around: none overflows.
    const Real p = flow_ * u;
    const bool forward = p > Real(0.0);
    const Real tip = growth_ratio(forward ? -p : p);
    Real sum(0.0);
    for (const Place& place : places_) {
      using std::exp;
      const double stretch = 1 + (ratio_ - 1) * place.part;
      const Real inside = place.part * growth_ratio(forward ? -place.part * p : place.part * p);
      // (e^{az} - 1)/(e^a - 1) = e^{a(z-1)} (1 - e^{-az})/(1 - e^{-a})
      const Real rise = forward ? exp((place.part - 1.0) * p) * inside / tip : inside / tip;
      sum += place.weight / (stretch * stretch) * (place.part - rise);
    }
    return 1.0 + swing_ * ratio_ * sum;
  }

  double conductance_;  // S, of all copies at g = 1
  double tau_;          // s
  double swing_;        // Δg
  double flow_;         // 1/V, Péclet number at the tip
  double ratio_;        // q
  double step_;         // V
  double polarity_;
  bool cone_;
  StateBounds bounds_;
};

}  // namespace memspice
