#pragma once

#include "memspice/model.hpp"

namespace memspice {

/// Bipolar memristor with threshold of Pershin and Di Ventra (arXiv:1204.2600), the code model `memristor` of
/// ngspice: its state is the resistance x,
///
///     i = v/x,   dx/dt = β v + (α - β)/2 (|v + vt| - |v - vt|)     [ohm/s]
///
/// within rmin ≤ x ≤ rmax: it moves with β where |v| > vt, with α below.
///
/// The unknown is s = (x - rmin)/(rmax - rmin).
class ThresholdMemristor {
 public:
  static constexpr int branches = 1;
  static constexpr bool conducts_by_state = true;
  static constexpr std::array<UnknownDescription, 1> unknowns{
      UnknownDescription{.name = "s", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "s0"}};
  static DeviceType describe();

  explicit ThresholdMemristor(std::span<const double> values);

  template <class Real>
  void equations(const Local<ThresholdMemristor, Real>& x, Equations<ThresholdMemristor, Real>& f) const {
    const Real& v = x.voltage[0];
    f.current[0] = copies_ * v / (low_ + span_ * x.unknown[0]);
    if (v > Real(threshold_))
      f.unknown[0] = beta_ * v + (alpha_ - beta_) * threshold_;
    else if (v < Real(-threshold_))
      f.unknown[0] = beta_ * v - (alpha_ - beta_) * threshold_;
    else
      f.unknown[0] = alpha_ * v;
  }

  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<ThresholdMemristor, Real>& x) const {
    const Real resistance = low_ + span_ * x.unknown[0];
    return which == 0 ? resistance : resistance / copies_;
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<ThresholdMemristor, double>& x, double kelvin, double,
             std::span<double> density) const {
    density[0] = thermal_noise(kelvin, copies_ / (low_ + span_ * x.unknown[0]));
  }

 private:
  double low_;           // ohm
  double span_;          // ohm
  double alpha_, beta_;  // of s, 1/(V s)
  double threshold_;     // V
  double copies_;
};

}  // namespace memspice
