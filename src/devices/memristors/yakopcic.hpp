#pragma once

#include "devices/memristors/memristor_functions.hpp"

namespace memspice {

/// Generalised memristor of Yakopcic, Taha, Subramanyam and Pino (IEEE TCAD 32 (2013) 1201):
///
///     i = a1 x sinh(b v), v ≥ 0;   a2 x sinh(b v), v < 0            [A]
///     dx/dt = η g(v) f(x)                                           [1/s]
///     g = ap (e^v - e^vp), v > vp;   -an (e^-v - e^vn), v < -vn;   0 between them
///     f = e^(-αp (x - xp)) (1 + (xp - x)/(1 - xp)) for x > xp, else 1, where η v > 0
///     f = e^(αn (x + xn - 1)) x/(1 - xn) for x < 1 - xn, else 1, elsewhere
///
/// with 0 ≤ x ≤ 1. Names and defaults are those of Xyce's memristor of level 3.
class Yakopcic {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 1> unknowns{
      UnknownDescription{.name = "x", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "xo"}};
  static DeviceType describe();

  explicit Yakopcic(std::span<const double> values);

  template <class Real>
  void equations(const Local<Yakopcic, Real>& x, Equations<Yakopcic, Real>& f) const {
    const Real& v = x.voltage[0];
    f.current[0] = height(v) * x.unknown[0] * bounded_sinh(b_ * v);
    f.unknown[0] = physical_rate(eta_ * drive(v) * way(v, x.unknown[0]));
  }

  /// r = dv/di, as in Xyce.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t, const Local<Yakopcic, Real>& x) const {
    return 1.0 / (height(x.voltage[0]) * b_ * x.unknown[0] * cosh_of(b_ * x.voltage[0]));
  }

  /// That of the resistance v/i.
  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<Yakopcic, double>& x, double kelvin, double, std::span<double> density) const {
    const double v = x.voltage[0];
    const double slope = v == 0 ? b_ : bounded_sinh(b_ * v) / v;
    density[0] = thermal_noise(kelvin, height(v) * x.unknown[0] * slope);
  }

 private:
  template <class Real>
  [[nodiscard]] double height(const Real& v) const {
    return v < Real(0.0) ? a2_ : a1_;
  }

  template <class Real>
  [[nodiscard]] Real drive(const Real& v) const {
    if (v > Real(vp_)) return ap_ * (growth(v) - std::exp(vp_));
    if (v < Real(-vn_)) return -an_ * (growth(-v) - std::exp(vn_));
    return Real(0.0);
  }

  template <class Real>
  [[nodiscard]] Real way(const Real& v, const Real& x) const {
    using std::exp;
    if (eta_ * v > Real(0.0)) {
      if (xp_ == 1 || !(x > Real(xp_))) return Real(1.0);
      return exp(-alphap_ * (x - xp_)) * (1.0 + (xp_ - x) / (1 - xp_));
    }
    if (xn_ == 1 || !(x < Real(1 - xn_))) return Real(1.0);
    return exp(alphan_ * (x + (xn_ - 1))) * x / (1 - xn_);
  }

  double a1_, a2_;  // A, of all copies
  double b_;        // 1/V
  double vp_, vn_;  // V
  double ap_, an_;  // 1/s
  double xp_, xn_, alphap_, alphan_, eta_;
};

}  // namespace memspice
