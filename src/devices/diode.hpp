#pragma once

#include <array>
#include <span>

#include "devices/junction.hpp"
#include "memspice/model.hpp"

namespace memspice {

/// SPICE's junction diode (Vladimirescu, The SPICE Book, appendix A; ngspice's manual, chapter 7).
///
/// The voltage u of the junction is an unknown of its own, behind the series resistance; so is the charge, in
/// volt at the capacitance at 0 V: the current is i(u) + C₀ dx/dt with x = Q(u)/C₀, and no charge is lost
/// whatever the steps are.
class Diode {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 2> unknowns{
      UnknownDescription{.name = "", .kind = UnknownKind::algebraic, .quantity = Quantity::voltage},
      UnknownDescription{.name = "", .kind = UnknownKind::charge, .quantity = Quantity::voltage}};
  static DeviceType describe();

  explicit Diode(std::span<const double> values);

  template <class Real>
  void equations(const Local<Diode, Real>& x, Equations<Diode, Real>& f) const {
    const Real& u = x.unknown[0];
    const Real forward = conduction(u);
    const Real total = forward + gmin_ * u + capacitance_ * x.derivative[1];
    f.current[0] = total;
    f.unknown[0] = x.voltage[0] - u - series_ * total;
    f.unknown[1] =
        x.unknown[1] - (depletion_.charge(u) + sidewall_.charge(u) + transit_ * forward) / capacitance_;
  }

  void limit(const std::array<double, 2>& before, std::array<double, 2>& after) const;
  void guess(std::span<double> unknown) const { unknown[0] = off_ ? 0 : critical_; }

  /// In the order of DeviceType::observables.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<Diode, Real>& x) const {
    const Real& u = x.unknown[0];
    if (which == 0) return u;
    if (which == 1) return conduction(u) + gmin_ * u;
    const Dual<1> v = Dual<1>::variable(as_number(u), 0);
    const Dual<1> forward = conduction(v);
    if (which == 2) return Real(forward.derivative[0] + gmin_);
    return Real((depletion_.charge(v) + sidewall_.charge(v) + transit_ * forward).derivative[0]);
  }

  static constexpr std::array<NoiseDescription, 3> noises{{{"rs", 0}, {"id", 0}, {"1overf", 0}}};
  void noise(const Local<Diode, double>& x, double kelvin, double hertz, std::span<double> density) const;
  /// The noise of the series resistance is a voltage beside it, V²/Hz; the others are beside the junction.
  void noise_path(std::size_t which, const Local<Diode, double>&, Equations<Diode, double>& path) const {
    path.current[0] = which == 0 ? 0 : 1;
    path.unknown[0] = which == 0 ? 1 : -series_;
  }

 private:
  static double as_number(double x) { return x; }
  template <int N>
  static double as_number(const Dual<N>& x) {
    return x.value;
  }

  /// The current without that of capacitances and gmin, A.
  template <class Real>
  [[nodiscard]] Real conduction(const Real& u) const {
    using std::exp;
    using std::sqrt;
    if (!(u < Real(-3 * nvt_))) {
      const Real ideal = saturation_ * (bounded_exp(u / nvt_) - 1.0);
      if (knee_ == infinity || !(ideal > Real(1e-18))) return ideal;
      return ideal / (1.0 + sqrt(ideal / knee_));
    }
    if (!(u < Real(-breakdown_))) {
      const Real arg = 3 * nvt_ / (u * std::exp(1.0));
      return -saturation_ * (1.0 + arg * arg * arg);
    }
    return -saturation_ * bounded_exp(-(breakdown_ + u) / breakdown_nvt_);
  }

  double saturation_;  // A
  double nvt_;         // V, emission coefficient times k T/q
  double critical_;    // V
  double series_;      // ohm
  double kelvin_;
  double transit_;        // s
  double knee_;           // A, of high injection
  double breakdown_;      // V, as corrected for its current; infinity: none
  double breakdown_nvt_;  // V
  double gmin_;           // S
  double capacitance_;    // F, the unit of the charge
  Depletion depletion_, sidewall_;
  bool off_;
  double flicker_, flicker_exponent_;
};

}  // namespace memspice
