#pragma once

#include "devices/memristors/memristor_functions.hpp"

namespace memspice {

/// Miranda's balance of potentiation and depression (Miranda, Milano and Ricciardi, IEEE Trans. Nanotech. 19
/// (2020) 609; Milano, Miranda and Ricciardi, Neural Networks 150 (2022) 137):
///
///     i = (ymin (1 - g) + ymax g) v                                     [A]
///     dg/dt = kp0 exp(ηp |v|) (1 - g) - kd0 exp(-ηd |v|) g              [1/s]
class RateBalance {
 public:
  static constexpr int branches = 1;
  static constexpr bool conducts_by_state = true;
  static constexpr std::array<UnknownDescription, 1> unknowns{
      UnknownDescription{.name = "g", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "g0"}};
  static DeviceType describe();

  explicit RateBalance(std::span<const double> values);

  template <class Real>
  void equations(const Local<RateBalance, Real>& x, Equations<RateBalance, Real>& f) const {
    const Real volts = magnitude(x.voltage[0]);
    f.current[0] = conductance(x) * x.voltage[0];
    f.unknown[0] = potentiation_ * bounded_exp(potentiation_slope_ * volts) * (1.0 - x.unknown[0]) -
                   depression_ * bounded_exp(-depression_slope_ * volts) * x.unknown[0];
  }

  template <class Real>
  [[nodiscard]] Real observe(std::size_t, const Local<RateBalance, Real>& x) const {
    return 1.0 / conductance(x);
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<RateBalance, double>& x, double kelvin, double, std::span<double> density) const {
    density[0] = thermal_noise(kelvin, conductance(x));
  }

 private:
  template <class Real>
  [[nodiscard]] Real conductance(const Local<RateBalance, Real>& x) const {
    return low_ + (high_ - low_) * x.unknown[0];
  }

  double potentiation_, depression_;              // 1/s, at 0 V
  double potentiation_slope_, depression_slope_;  // 1/V
  double low_, high_;                             // S
};

}  // namespace memspice
