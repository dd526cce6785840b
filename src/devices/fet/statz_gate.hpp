#pragma once

#include <array>
#include <cmath>

namespace memspice {

/// The charge of a gate that depends on both of its voltages (Statz et al., IEEE Trans. Electron Devices 34
/// (1987) 160): what of it flows to source and to drain are its partial derivatives, so that the sum is the
/// gate's charge. The unknowns of the charges are the voltages themselves.
struct StatzGate {
  bool used = false;              // else nothing is stored
  double source = 0, drain = 0;   // F: of the depletion at 0 V, and what is left at the drain in saturation
  double threshold = 0;           // V
  double potential = 1;           // V, built-in
  double corner = 0.5;            // V, above which the capacitance of the depletion stays, or
  bool grows_beyond = false;      // goes on along its tangent
  double knee = 0;                // V², around vds = 0
  double feedback = 0, rest = 0;  // of the drain on the depletion; of the capacitance below the threshold

  template <class Real>
  [[nodiscard]] std::array<Real, 2> stored(const Real& vgs, const Real& vgd) const {
    if (!used) return {Real(0.0), Real(0.0)};
    return {vgs, vgd};
  }
  /// Currents to the source and to the drain, A, at these slopes of the voltages.
  template <class Real>
  [[nodiscard]] std::array<Real, 2> charging(const Real& vgs, const Real& vgd, const Real& source_slope,
                                             const Real& drain_slope) const {
    if (!used) return {Real(0.0), Real(0.0)};
    const std::array<Real, 2> c = capacitances(vgs, vgd);
    return {c[0] * source_slope, c[1] * drain_slope};
  }

 private:
  /// F, of the charge by vgs and by vgd.
  template <class Real>
  [[nodiscard]] std::array<Real, 2> capacitances(const Real& vgs, const Real& vgd) const {
    using std::sqrt;
    constexpr double smooth = 0.04;  // V², around the threshold
    const Real vds = vgs - vgd;
    const Real root = sqrt(vds * vds + knee);
    const Real higher = 0.5 * (vgs + vgd + root) + feedback * vds;
    const Real over = (1 - rest) * (higher - threshold);
    const Real over_root = sqrt(over * over + smooth);
    const Real open = higher + 0.5 * (over_root - over);
    Real factor;
    if (open < Real(corner))
      factor = 1.0 / sqrt(1.0 - open / potential);
    else if (grows_beyond)
      factor = (1.0 + 0.5 * (open - corner) / (potential - corner)) / std::sqrt(1 - corner / potential);
    else
      factor = Real(1 / std::sqrt(1 - corner / potential));
    const Real depleted = 0.5 * source * factor * (1 + rest + (1 - rest) * over / over_root);
    const Real share = 0.5 * (1.0 + vds / root);
    return {depleted * (share + feedback) + drain * (1.0 - share + feedback),
            depleted * (1.0 - share - feedback) + drain * (share - feedback)};
  }
};

}  // namespace memspice
