#pragma once

#include "devices/memristors/memristor_functions.hpp"

namespace memspice {

/// The junction of two nanowires with tunnelling (Hochstetter, Zhu and others, Nature Communications 12
/// (2021) 4008; Zhu and others, ASN_simulation): a filament of flux λ,
///
///     dλ/dt = (|v| - vset)⁺ sgn v - b (vreset - |v|)⁺ sgn λ,   |λ| ≤ lmax         [V]
///     d = smax (1 - |λ|/lcrit)⁺                                                  [nm]
///     G = 1/(Rt(d) + ron) + 1/roff,   i = G v                                    [S]
///
/// sgn λ is tanh(λ/(width lcrit)): with the sign itself a filament that decays would end in a corner at 0.
/// The tunnelling resistance Rt is written in three ways in the group's programs, J1 = 4.71307e-5 S nm:
///
///     kuncic        2 d²/(A √φ J1) exp(10.19 φ² d)
///     hochstetter   2 d/(A √φ J1) exp(10.19 φ² d)
///     simmons       d/(A √φ J1) exp(10.19 √φ d)     Simmons' formula for low voltages
class NanowireJunction {
 public:
  static constexpr int branches = 1;
  static constexpr bool conducts_by_state = true;
  static constexpr std::array<UnknownDescription, 1> unknowns{UnknownDescription{
      .name = "lambda", .kind = UnknownKind::state, .lower = -1, .upper = 1, .initial = "lambda0"}};
  static DeviceType describe();

  explicit NanowireJunction(std::span<const double> values);
  [[nodiscard]] StateBounds bounds(int) const { return {-largest_, largest_}; }

  template <class Real>
  void equations(const Local<NanowireJunction, Real>& x, Equations<NanowireJunction, Real>& f) const {
    const Real& v = x.voltage[0];
    const Real volts = magnitude(v);
    f.current[0] = conductance(x) * v;
    Real rate(0.0);
    if (volts > Real(set_)) rate += v > Real(0.0) ? volts - set_ : set_ - volts;
    if (volts < Real(reset_))
      rate -= strength_ * (reset_ - volts) * hyperbolic_tangent(x.unknown[0] / width_);
    f.unknown[0] = rate;
  }

  template <class Real>
  [[nodiscard]] Real observe(std::size_t, const Local<NanowireJunction, Real>& x) const {
    return 1.0 / conductance(x);
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<NanowireJunction, double>& x, double kelvin, double,
             std::span<double> density) const {
    density[0] = thermal_noise(kelvin, conductance(x));
  }

 private:
  enum class Tunnelling { kuncic, hochstetter, simmons };

  template <class Real>
  [[nodiscard]] Real conductance(const Local<NanowireJunction, Real>& x) const {
    const Real gap = distance_ * (1.0 - magnitude(x.unknown[0]) / critical_);  // nm
    if (!(gap > Real(0.0))) return Real(filled_);
    const Real prefactor = tunnelling_ == Tunnelling::kuncic ? gap * gap : gap;
    return copies_ / (prefactor * scale_ * bounded_exp(exponent_ * gap) + on_) + leak_;
  }

  double set_, reset_, strength_;  // V, V, 1
  double critical_, largest_;      // V s
  double width_;                   // V s, of the sign of λ
  double distance_;                // nm, at λ = 0
  double scale_, exponent_;        // ohm/nm or ohm/nm², 1/nm
  double on_, leak_;               // ohm; S of all copies
  double copies_;
  double filled_;  // S, where no gap is left
  Tunnelling tunnelling_;
};

}  // namespace memspice
