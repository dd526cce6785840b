#pragma once

#include "devices/fet/junction_fet.hpp"
#include "devices/fet/statz_gate.hpp"

namespace memspice {

/// The MESFET of Statz et al. (IEEE Trans. Electron Devices 34 (1987) 160), as in ngspice: its parameters are
/// those of 27 degrees Celsius at any temperature.
class StatzMesfet {
 public:
  static constexpr std::array<UnknownDescription, 0> memories{};
  static DeviceType describe();

  explicit StatzMesfet(std::span<const double> values);

  /// A, from drain to source.
  template <class Real>
  [[nodiscard]] Real channel(const Real& vgs, const Real& vgd) const {
    if (vgs < vgd) return -forward(vgd, Real(vgd - vgs));
    return forward(vgs, Real(vgs - vgd));
  }

  [[nodiscard]] double noise_conductance(double, double, double gm) const { return 2.0 / 3 * gm; }

  JunctionFetConstants constants;
  StatzGate gate;
  double flicker, flicker_exponent;

 private:
  /// Of vds >= 0.
  template <class Real>
  [[nodiscard]] Real forward(const Real& vgs, const Real& vds) const {
    const Real over = vgs - constants.threshold;
    if (!(over > Real(0.0))) return Real(0.0);
    const Real saturated = beta_ * (1.0 + modulation_ * vds) * over * over / (1.0 + doping_ * over);
    if (!(vds < Real(3 / saturation_))) return saturated;
    const Real left = 1.0 - saturation_ / 3 * vds;
    return saturated * (1.0 - left * left * left);
  }

  double beta_;        // A/V²
  double modulation_;  // 1/V
  double doping_;      // 1/V
  double saturation_;  // alpha, 1/V
};

}  // namespace memspice
