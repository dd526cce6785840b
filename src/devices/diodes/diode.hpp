#pragma once

#include <array>
#include <span>

#include "devices/diodes/diode_conduction.hpp"
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
  /// Level 1, whose area and perimeter are factors.
  static DeviceType describe();

  explicit Diode(std::span<const double> values);

  template <class Real>
  void equations(const Local<Diode, Real>& x, Equations<Diode, Real>& f) const {
    const Real& u = x.unknown[0];
    const Real conducted = along(u, [this](auto v) { return this->current(v); });
    const Real total = conducted + capacitance_ * x.derivative[1];
    f.current[0] = total;
    f.unknown[0] = x.voltage[0] - u - series_ * total;
    const Real depleted = along(u, [this](auto v) { return this->depletion(v); });
    f.unknown[1] = x.unknown[1] - (depleted + transit_ * conducted) / capacitance_;
  }

  void limit(const std::array<double, 2>& before, std::array<double, 2>& after) const;
  void guess(std::span<double> unknown) const { unknown[0] = off_ ? 0 : critical_; }
  /// Where a transient with uic begins: at ic=, or at what .ic says of the nodes.
  void start(const std::array<double, 1>& voltage, std::span<double> unknown) const;

  /// In the order of DeviceType::observables.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<Diode, Real>& x) const {
    const Real& u = x.unknown[0];
    const auto total = [this](auto v) { return this->current(v); };
    const auto stored = [this](auto v) { return this->depletion(v) + transit_ * this->current(v); };
    switch (which) {
      case 0:  // vd
        return u;
      case 1:  // id, c
      case 2:
        return along(u, total) + capacitance_ * x.derivative[1];
      case 3:  // gd
        return Real(total(Dual<1>::variable(number_of(u), 0)).derivative[0]);
      case 4:  // cd
        return Real(stored(Dual<1>::variable(number_of(u), 0)).derivative[0]);
      case 5:  // charge, qd
      case 6:
        return along(u, stored);
      default:  // capcur
        return capacitance_ * x.derivative[1];
    }
  }

  static constexpr std::array<NoiseDescription, 3> noises{{{"rs", 0}, {"id", 0}, {"1overf", 0}}};
  void noise(const Local<Diode, double>& x, double kelvin, double hertz, std::span<double> density) const;
  /// The noise of the series resistance is a current beside it, the others are beside the junction.
  void noise_path(std::size_t which, const Local<Diode, double>&, Equations<Diode, double>& f) const {
    f.current[0] = which == 0 ? 0 : 1;
    f.unknown[0] = which == 0 ? series_ : -series_;
  }

 private:
  /// A, without that of capacitances
  template <class Real>
  [[nodiscard]] Real current(const Real& u) const {
    return conduction_.current(u) + gmin_ * u;
  }
  /// The charge without that of transit, C.
  template <class Real>
  [[nodiscard]] Real depletion(const Real& u) const {
    return depletion_.charge(u) + sidewall_.charge(u) + oxide_ * u;
  }

  DiodeConduction conduction_;
  double critical_;     // V
  double series_;       // ohm
  double transit_;      // s
  double gmin_;         // S
  double capacitance_;  // F, the unit of the charge
  double oxide_;        // F, of metal and polysilicon above
  Depletion depletion_, sidewall_;
  bool off_;
  double initial_;  // V, with uic
  double flicker_, flicker_exponent_;
  double copies_;
  double kelvin_;
};

/// The diode of level 3, whose area and perimeter are made of lengths.
DeviceType shaped_diode_type();

}  // namespace memspice
