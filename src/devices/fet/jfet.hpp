#pragma once

#include "devices/fet/junction_fet.hpp"

namespace memspice {

/// A gate whose junctions are depleted, each for itself: the unknowns are charges.
struct DepletedGate {
  Depletion source, drain;
  double source_unit = 0, drain_unit = 0;  // F: of an unknown, V

  template <class Real>
  [[nodiscard]] std::array<Real, 2> stored(const Real& vgs, const Real& vgd) const {
    return {source.charge(vgs) / source_unit, drain.charge(vgd) / drain_unit};
  }
  template <class Real>
  [[nodiscard]] std::array<Real, 2> charging(const Real&, const Real&, const Real& source_slope,
                                             const Real& drain_slope) const {
    return {source_unit * source_slope, drain_unit * drain_slope};
  }
};

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

  /// S, whose thermal noise is that of the channel: 2/3 gm, or from nlev=3 on that of the triode region too
  /// (HSPICE).
  [[nodiscard]] double noise_conductance(double vgs, double vgd, double gm) const;

  JunctionFetConstants constants;
  DepletedGate gate;
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
  double noise_level_, noise_coefficient_;
};

}  // namespace memspice
