#pragma once

#include "devices/memristors/threshold_drift.hpp"

namespace memspice {

/// VTEAM (Kvatinsky, Ramadan, Friedman and Kolodny, IEEE TCAS-II 62 (2015) 786): TEAM with voltages as
/// thresholds. i = v/R(w), and the state w moves where v is beyond von < 0 or voff > 0 (ThresholdDrift).
///
/// The unknown is s = (w - won)/(woff - won), held within 0 ≤ s ≤ 1.
class Vteam {
 public:
  static constexpr int branches = 1;
  static constexpr bool conducts_by_state = true;
  static constexpr std::array<UnknownDescription, 1> unknowns{
      UnknownDescription{.name = "s", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "s0"}};
  static DeviceType describe();

  explicit Vteam(std::span<const double> values);

  template <class Real>
  void equations(const Local<Vteam, Real>& x, Equations<Vteam, Real>& f) const {
    f.current[0] = copies_ * x.voltage[0] / drift_.resistance(x.unknown[0]);
    f.unknown[0] = physical_rate(drift_.rate(x.voltage[0], x.unknown[0]));
  }

  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<Vteam, Real>& x) const {
    if (which == 0) return on_ + range_ * x.unknown[0];
    return drift_.resistance(x.unknown[0]) / copies_;
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<Vteam, double>& x, double kelvin, double, std::span<double> density) const {
    density[0] = thermal_noise(kelvin, copies_ / drift_.resistance(x.unknown[0]));
  }

 private:
  ThresholdDrift drift_;
  double on_ = 0;     // w at s = 0, m
  double range_ = 1;  // of w, m
  double copies_ = 1;
};

}  // namespace memspice
