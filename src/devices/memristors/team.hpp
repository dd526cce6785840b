#pragma once

#include "devices/memristors/threshold_drift.hpp"

namespace memspice {

/// TEAM (Kvatinsky, Friedman, Kolodny and Weiser, IEEE TCAS-I 60 (2013) 211): v = R(x) i, and the state x
/// moves where the current is beyond a threshold (ThresholdDrift). Names and defaults are those of Xyce's
/// memristor of level 2, but for ion, which is negative as published.
///
/// The unknown is s = (x - xon)/(xoff - xon), held within 0 ≤ s ≤ 1.
class TeamMemristor {
 public:
  static constexpr int branches = 1;
  static constexpr bool conducts_by_state = true;
  static constexpr std::array<UnknownDescription, 1> unknowns{
      UnknownDescription{.name = "s", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "s0"}};
  static DeviceType describe();

  explicit TeamMemristor(std::span<const double> values);

  template <class Real>
  void equations(const Local<TeamMemristor, Real>& x, Equations<TeamMemristor, Real>& f) const {
    const Real current = x.voltage[0] / drift_.resistance(x.unknown[0]);  // of one copy
    f.current[0] = copies_ * current;
    f.unknown[0] = physical_rate(drift_.rate(current, x.unknown[0]));
  }

  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<TeamMemristor, Real>& x) const {
    if (which == 0) return on_ + range_ * x.unknown[0];
    return drift_.resistance(x.unknown[0]) / copies_;
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<TeamMemristor, double>& x, double kelvin, double, std::span<double> density) const {
    density[0] = thermal_noise(kelvin, copies_ / drift_.resistance(x.unknown[0]));
  }

 private:
  ThresholdDrift drift_;
  double on_ = 0;     // x at s = 0
  double range_ = 1;  // of x
  double copies_ = 1;
};

}  // namespace memspice
