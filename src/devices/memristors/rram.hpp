#pragma once

#include "devices/memristors/memristor_functions.hpp"

namespace memspice {

/// The gap model of resistive memories of Stanford University (Jiang, Wong and others, IEEE TED 63 (2016)
/// 1884; Verilog-A model 1.0.0, nanoHUB, doi 10.4231/D37H1DN48), without its random part:
///
///     i = I0 exp(-gap/g0) sinh(v/V0)                                                [A]
///     T = T0 + Rth v i                                                              [K]
///     γ = γ0 - β (gap/1 nm)^α,  γ0 = gamma0 where v > 0, gammar where v < 0
///     dgap/dt = -Vel0 exp(-Ea/kT) sinh(γ a0 q v/(tox k T)) s(γ|v|/tox - Fmin)       [m/s]
///
/// for gapmin ≤ gap ≤ gapmax. The model has s(x) = 0 below 0, 1 above: a rate that jumps. Here it is the
/// logistic function s(x) = 1/(1 + exp(-x/fwidth)), in V/m. And the rate towards a bound at the distance d is
/// multiplied by d/(d + edge (gapmax - gapmin)): far beyond the threshold it would go on at kilometres a
/// second where the gap cannot follow.
class Rram {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 1> unknowns{UnknownDescription{
      .name = "gap", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "gap0"}};
  static DeviceType describe();

  explicit Rram(std::span<const double> values);
  [[nodiscard]] StateBounds bounds(int) const { return bounds_; }

  template <class Real>
  void equations(const Local<Rram, Real>& x, Equations<Rram, Real>& f) const {
    const Real& v = x.voltage[0];
    const Real current = conductance(x) * v;  // of one device
    f.current[0] = copies_ * current;
    const Real field = enhancement(x) * v / thickness_;                              // V/m
    const Real energy = boltzmann_over_charge * (kelvin_ + heating_ * v * current);  // eV
    const Real onset = logistic((magnitude(field) - least_field_) / field_width_);
    using std::exp;
    const Real rate =
        -velocity_ * exp(-activation_ / energy) * bounded_sinh(spacing_ * field / energy) * onset;
    const Real distance = rate > Real(0.0) ? bounds_.upper - x.unknown[0] : x.unknown[0] - bounds_.lower;
    f.unknown[0] = rate * distance / (magnitude(distance) + edge_);
  }

  /// Resistance, ohm; temperature of the filament, K.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<Rram, Real>& x) const {
    const Real g = conductance(x);
    if (which == 0) return 1.0 / (copies_ * g);
    return kelvin_ + heating_ * g * x.voltage[0] * x.voltage[0];
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<Rram, double>& x, double, double, std::span<double> density) const {
    density[0] = thermal_noise(kelvin_, copies_ * conductance(x));
  }

 private:
  /// i/v of one device, S.
  template <class Real>
  [[nodiscard]] Real conductance(const Local<Rram, Real>& x) const {
    using std::exp;
    return scale_ / slope_ * exp(-x.unknown[0] / decay_) * sinh_ratio(x.voltage[0] / slope_);
  }

  /// γ. A gap that is not positive takes nothing away.
  template <class Real>
  [[nodiscard]] Real enhancement(const Local<Rram, Real>& x) const {
    using std::exp;
    using std::log;
    const double most = x.voltage[0] < Real(0.0) ? reset_enhancement_ : set_enhancement_;
    if (!(x.unknown[0] > Real(0.0))) return Real(most);
    return most - loss_ * exp(exponent_ * log(x.unknown[0] / 1e-9));
  }

  double scale_, slope_, decay_;                        // A, V, m
  double velocity_, activation_, spacing_, thickness_;  // m/s, eV, m, m
  double set_enhancement_, reset_enhancement_, loss_, exponent_;
  double least_field_, field_width_;  // V/m
  double heating_, kelvin_;           // K/W, K
  double copies_;
  StateBounds bounds_;  // m
  double edge_;         // m
};

}  // namespace memspice
