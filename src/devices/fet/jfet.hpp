#pragma once

#include "devices/fet/junction_fet.hpp"

namespace memspice {

/// The channel of SPICE's JFET: Shichman and Hodges (IEEE J. Solid-State Circuits 3 (1968) 285), with the
/// doping tail b of Parker and Skellern as ngspice has it; b = 1 is SPICE2's.
class ShichmanHodges {
 public:
  static constexpr std::array<UnknownDescription, 0> memories{};
  static DeviceType describe();

  explicit ShichmanHodges(std::span<const double> values);

  /// A, from drain to source.
  template <class Real>
  [[nodiscard]] Real channel(const Real& vgs, const Real& vgd) const {
    if (vgs < vgd) return -forward(vgd, Real(vgd - vgs));
    return forward(vgs, Real(vgs - vgd));
  }

  template <class Real>
  [[nodiscard]] std::array<Real, 2> stored(const Real& vgs, const Real& vgd) const {
    return {source_depletion_.charge(vgs) / constants.source_unit,
            drain_depletion_.charge(vgd) / constants.drain_unit};
  }
  template <class Real>
  [[nodiscard]] std::array<Real, 2> charging(const Real&, const Real&, const Real& source,
                                             const Real& drain) const {
    return {constants.source_unit * source, constants.drain_unit * drain};
  }

  /// S, whose thermal noise is that of the channel: 2/3 gm, or from nlev=3 on that of the triode region too
  /// (HSPICE).
  [[nodiscard]] double noise_conductance(double vgs, double vgd, double gm) const;

  JunctionFetConstants constants;
  double flicker, flicker_exponent;

 private:
  /// Of vds >= 0.
  template <class Real>
  [[nodiscard]] Real forward(const Real& vgs, const Real& vds) const {
    const Real over = vgs - constants.threshold;
    if (!(over > Real(0.0))) return Real(0.0);
    const Real gain = beta_ * (1.0 + modulation_ * vds);
    if (over > vds)
      return gain * vds * (vds * (tail_ * vds - doping_) + over * (2 * doping_ + 3 * tail_ * (over - vds)));
    return gain * over * over * (doping_ + tail_ * over);
  }

  double beta_;        // A/V²
  double modulation_;  // 1/V
  double doping_;      // b
  double tail_;        // 1/V
  Depletion source_depletion_, drain_depletion_;
  double noise_level_, noise_coefficient_;
};

}  // namespace memspice
