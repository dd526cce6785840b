#pragma once

#include "devices/memristors/memristor_functions.hpp"
#include "memspice/curve.hpp"

namespace memspice {

template <class Real>
Real value_of(const Curve& curve, const Real& at) {
  return curve(at);
}

/// The piecewise empirical model of Sandia National Laboratories, Xyce's memristor of level 4:
///
///     i = x (i1 (exp(v/v1) - 1) - i2 (exp(-v/v2) - 1) + g0 v)                        [A]
///     dx/dt = c1 g(v) f+(x) where v > 0, c2 g(v) f-(x) where v < 0                   [1/s]
///     g(v) = exp(d1 (v - vp)) - 1 from vp on, exp(d2 (v - vn)) - 1 up to vn, 0 between
///
/// f+ and f- are curves that the card gives by points. As in Xyce f+ is 0 above its last point and f- below
/// its first one.
class PiecewiseEmpirical {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 1> unknowns{
      UnknownDescription{.name = "x", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "xo"}};
  static DeviceType describe();

  PiecewiseEmpirical(std::span<const double> values, std::span<const Curve> curves);

  template <class Real>
  void equations(const Local<PiecewiseEmpirical, Real>& x, Equations<PiecewiseEmpirical, Real>& f) const {
    const Real& v = x.voltage[0];
    f.current[0] = copies_ * x.unknown[0] * per_state(v);
    // Where g is not 0 around 0 V the rate would jump there.
    const Real forward = logistic(v / width_);
    f.unknown[0] = physical_rate(drive(v) * (up_speed_ * forward * rise(x.unknown[0]) +
                                             down_speed_ * (1.0 - forward) * fall(x.unknown[0])));
  }

  /// dv/di of all copies, ohm, as in Xyce; at most 1e18.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t, const Local<PiecewiseEmpirical, Real>& x) const {
    const Real conductance = copies_ * x.unknown[0] * slope(x.voltage[0]);
    return conductance > Real(1e-18) ? 1.0 / conductance : Real(1e18);
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<PiecewiseEmpirical, double>& x, double kelvin, double,
             std::span<double> density) const {
    density[0] = thermal_noise(kelvin, copies_ * x.unknown[0] * slope(x.voltage[0]));
  }

 private:
  template <class Real>
  [[nodiscard]] Real per_state(const Real& v) const {
    return i1_ * (growth(v / v1_) - 1.0) - i2_ * (growth(-v / v2_) - 1.0) + conductance_ * v;
  }
  template <class Real>
  [[nodiscard]] Real slope(const Real& v) const {
    return i1_ / v1_ * growth(v / v1_) + i2_ / v2_ * growth(-v / v2_) + conductance_;
  }
  /// g.
  template <class Real>
  [[nodiscard]] Real drive(const Real& v) const {
    if (!(v < Real(vp_))) return growth(d1_ * (v - vp_)) - 1.0;
    if (!(v > Real(vn_))) return growth(d2_ * (v - vn_)) - 1.0;
    return Real(0.0);
  }
  template <class Real>
  [[nodiscard]] Real rise(const Real& state) const {
    return !up_ || state > Real(up_->x().back()) ? Real(0.0) : value_of(*up_, state);
  }
  template <class Real>
  [[nodiscard]] Real fall(const Real& state) const {
    return !down_ || state < Real(down_->x().front()) ? Real(0.0) : value_of(*down_, state);
  }

  const Curve* up_ = nullptr;  // of the circuit
  const Curve* down_ = nullptr;
  double i1_, i2_, v1_, v2_, conductance_;  // A, A, V, V, S
  double vp_, vn_, d1_, d2_;                // V, V, 1/V, 1/V
  double up_speed_, down_speed_, width_;    // 1/s, 1/s, V
  double copies_;
};

}  // namespace memspice
