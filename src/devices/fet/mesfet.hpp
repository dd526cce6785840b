#pragma once

#include "devices/fet/junction_fet.hpp"

namespace memspice {

/// The MESFET of Statz et al. (IEEE Trans. Electron Devices 34 (1987) 160), as in ngspice: its parameters are
/// those of 27 degrees Celsius at any temperature.
///
/// The charge of the gate depends on both of its voltages; what of it flows to source and to drain are its
/// partial derivatives, so that the sum is the gate's charge.
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

  template <class Real>
  [[nodiscard]] std::array<Real, 2> stored(const Real& vgs, const Real& vgd) const {
    if (!charged_) return {Real(0.0), Real(0.0)};
    return {vgs, vgd};
  }
  template <class Real>
  [[nodiscard]] std::array<Real, 2> charging(const Real& vgs, const Real& vgd, const Real& source,
                                             const Real& drain) const {
    if (!charged_) return {Real(0.0), Real(0.0)};
    const std::array<Real, 2> c = capacitances(vgs, vgd);
    return {c[0] * source, c[1] * drain};
  }

  [[nodiscard]] double noise_conductance(double, double, double gm) const { return 2.0 / 3 * gm; }

  JunctionFetConstants constants;
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

  /// F, of the gate's charge by vgs and by vgd.
  template <class Real>
  [[nodiscard]] std::array<Real, 2> capacitances(const Real& vgs, const Real& vgd) const {
    using std::sqrt;
    constexpr double smooth = 0.2;   // V, around the threshold
    constexpr double highest = 0.5;  // V, from which on the capacitance stays
    const Real difference = vgs - vgd;
    const Real root = sqrt(difference * difference + 1 / (saturation_ * saturation_));
    const Real higher = 0.5 * (vgs + vgd + root);
    const Real over = higher - constants.threshold;
    const Real over_root = sqrt(over * over + smooth * smooth);
    const Real open = constants.threshold + 0.5 * (over + over_root);
    const Real inner = open < Real(highest) ? open : Real(highest);
    const Real depleted =
        source_capacitance_ / sqrt(1.0 - inner / potential_) * 0.5 * (1.0 + over / over_root);
    const Real share = 0.5 * (1.0 + difference / root);
    return {depleted * share + drain_capacitance_ * (1.0 - share),
            depleted * (1.0 - share) + drain_capacitance_ * share};
  }

  double beta_;                                    // A/V²
  double modulation_;                              // 1/V
  double doping_;                                  // 1/V
  double saturation_;                              // alpha, 1/V
  double potential_;                               // V
  double source_capacitance_, drain_capacitance_;  // F
  bool charged_;
};

}  // namespace memspice
