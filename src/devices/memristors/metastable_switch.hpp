#pragma once

#include "devices/memristors/memristor_functions.hpp"

namespace memspice {

/// The mean of metastable switches (Nugent and Molter, PLoS ONE 9 (2014) e85175; Knowm's model in the form
/// dx/dt): the part x of the n switches that conduct,
///
///     i = (x/ron + (1 - x)/roff) v                                                [A]
///     dx/dt = (P_on (1 - x) - P_off x)/τ                                          [1/s]
///     P_on = 1/(1 + exp(-(v - von)/Vt)),  P_off = 1/(1 + exp((v + voff)/Vt)),  Vt = k T/q
///
/// variant=stochastic adds what the number of switches that turn over in a time varies by. In the paper that
/// is a normal number of variance n (P_on (1 - x) + P_off x) dt/τ for every time step; here the steps are
/// intervals `dt` of the device's own, in which
///
///     dx/dt += ξ b/√dt - (b²)'/4,   b² = (P_on (1 - x) + P_off x)/(n τ) + 1/(n² τ)
///
/// with a normal number ξ for each. The last term makes the mean the same (Stratonovich's to Itô's), and the
/// last of b² is one switch, so that b has a slope where nothing else is left of it.
class MetastableSwitches {
 public:
  static constexpr int branches = 1;
  static constexpr bool conducts_by_state = true;
  static constexpr std::array<UnknownDescription, 1> unknowns{
      UnknownDescription{.name = "x", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "x0"}};
  static DeviceType describe();

  explicit MetastableSwitches(std::span<const double> values);

  template <class Real>
  void equations(const Local<MetastableSwitches, Real>& x, Equations<MetastableSwitches, Real>& f) const {
    const Real& v = x.voltage[0];
    f.current[0] = conductance(x) * v;
    const Real on = logistic((v - on_voltage_) / vt_);
    const Real off = logistic(-(v + off_voltage_) / vt_);
    f.unknown[0] = (on * (1.0 - x.unknown[0]) - off * x.unknown[0]) / tau_;
    if (!(interval_ < infinity)) return;
    using std::sqrt;
    const Real variance =
        (on * (1.0 - x.unknown[0]) + off * x.unknown[0] + 1.0 / switches_) / (switches_ * tau_);
    f.unknown[0] += x.draw[0] / std::sqrt(interval_) * sqrt(variance) - (off - on) / (4 * switches_ * tau_);
  }

  static constexpr std::size_t draws = 1;
  [[nodiscard]] double draw_interval() const { return interval_; }

  template <class Real>
  [[nodiscard]] Real observe(std::size_t, const Local<MetastableSwitches, Real>& x) const {
    return 1.0 / conductance(x);
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<MetastableSwitches, double>& x, double, double, std::span<double> density) const {
    density[0] = thermal_noise(vt_ / boltzmann_over_charge, conductance(x));
  }

 private:
  template <class Real>
  [[nodiscard]] Real conductance(const Local<MetastableSwitches, Real>& x) const {
    return low_ + (high_ - low_) * x.unknown[0];
  }

  double low_, high_;                // S
  double on_voltage_, off_voltage_;  // V
  double tau_;                       // s
  double vt_;                        // V
  double switches_;
  double interval_;  // s; infinity: the mean
};

}  // namespace memspice
