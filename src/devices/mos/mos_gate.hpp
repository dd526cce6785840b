#pragma once

#include <algorithm>
#include <cmath>

#include "devices/junction.hpp"
#include "memspice/model.hpp"

namespace memspice {

/// Voltages that say in which state the channel is; those of a transistor that runs backwards have their
/// source and drain exchanged.
template <class Real>
struct ChannelState {
  Real current;     // A, from drain to source
  Real threshold;   // V, between gate and source
  Real saturation;  // V, between drain and source
};

inline double without_slopes(double x) {
  return x;
}
template <int N>
double without_slopes(const Dual<N>& x) {
  return x.value;
}

/// √(phi - vbs), continued where the junction between bulk and source conducts: along its tangent down to 0.
template <class Real>
Real bulk_root(double phi, const Real& vbs) {
  using std::sqrt;
  if (!(vbs > Real(0.0))) return sqrt(phi - vbs);
  const double at_zero = std::sqrt(phi);
  const Real root = at_zero - vbs / (2 * at_zero);
  return root > Real(0.0) ? root : Real(0.0);
}

/// The same, continued along a hyperbola.
template <class Real>
Real bulk_hyperbola(double phi, const Real& vbs) {
  using std::sqrt;
  if (!(vbs > Real(0.0))) return sqrt(phi - vbs);
  return std::sqrt(phi) / (1.0 + vbs / (2 * phi));
}

// How far a Newton step may move the voltages of a transistor: SPICE's fetlim, limvds and pnjlim.

/// Between gate and source: not from cut off to far on, or back, in one step.
inline double limit_gate(double after, double before, double threshold) {
  const double far = 2 * std::abs(before - threshold) + 2;
  const double near = std::abs(before - threshold) + 1;
  const double strong = threshold + 3.5;
  if (before < threshold) {
    if (after <= before) return std::max(after, before - far);
    return after <= threshold + 0.5 ? std::min(after, before + near) : threshold + 0.5;
  }
  if (before < strong)
    return after <= before ? std::max(after, threshold - 0.5) : std::min(after, threshold + 4);
  if (after > before) return std::min(after, before + far);
  return after >= strong ? std::max(after, before - near) : std::max(after, threshold + 2);
}

/// Between drain and source.
inline double limit_drain(double after, double before) {
  if (before < 3.5) return after > before ? std::min(after, 4.0) : std::max(after, -0.5);
  if (after > before) return std::min(after, 3 * before + 2);
  return after < 3.5 ? std::max(after, 2.0) : after;
}

/// Between bulk and source: also not far into reverse.
inline double limit_bulk(double after, double before, double vt, double critical) {
  if (after < 0) return std::max(after, before > 0 ? -before - 1 : 2 * before - 1);
  return limit_junction(after, before, vt, critical);
}

/// Capacitances or charges between the gate and the three others.
template <class Real>
struct GateParts {
  Real source, drain, bulk;
};

/// The gate's oxide above the channel.
struct GateOxide {
  double capacitance = 0;  // F
  double phi = 0.6;        // V
  double threshold = 0;    // V, at 0 V between bulk and source

  /// Meyer's capacitances (J. Meyer, RCA Review 32 (1971) 42) as SPICE has them, F: between threshold - phi
  /// and threshold they pass from that of the bulk to those of the channel.
  template <class Real>
  [[nodiscard]] GateParts<Real> meyer(const Real& vgs, const Real& vds, const ChannelState<Real>& at) const {
    constexpr double least_saturation = 0.025;  // V, SPICE's
    const Real over = vgs - at.threshold;
    GateParts<Real> c{Real(0.0), Real(0.0), Real(0.0)};
    if (!(over > Real(-phi))) {
      c.bulk = Real(capacitance);
      return c;
    }
    if (!(over > Real(0.0))) c.bulk = -over * (capacitance / phi);
    if (!(over > Real(-0.5 * phi))) return c;
    Real channel(2.0 / 3 * capacitance);
    if (!(over > Real(0.0))) channel = channel + over * (4.0 / 3 * capacitance / phi);
    const Real saturation = at.saturation > Real(least_saturation) ? at.saturation : Real(least_saturation);
    c.source = channel;
    if (!(vds < saturation)) return c;
    const Real sum = 2.0 * saturation - vds;
    const Real of_source = (saturation - vds) / sum, of_drain = saturation / sum;
    c.source = channel * (1.0 - of_source * of_source);
    c.drain = channel * (1.0 - of_drain * of_drain);
    return c;
  }

  /// Charges on the gate opposite to those of source, drain and bulk, C: what Meyer's capacitances are the
  /// derivatives of where the bulk is at the source. The channel's charge is that of a gradual channel
  /// between over-voltages a at the source and b at the drain, 2/3 C (a² + ab + b²)/(a + b); half of a
  /// belongs to the source.
  template <class Real>
  [[nodiscard]] GateParts<Real> charges(const Real& vgs, const Real& vds, const Real& vbs,
                                        const ChannelState<Real>& at) const {
    const Real a = over_voltage(Real(vgs - at.threshold));
    const Real b = over_voltage(Real(vgs - vds - at.threshold));
    GateParts<Real> q{Real(0.0), Real(0.0), bulk_charge(Real(vgs - vbs - threshold))};
    if (!(a > Real(0.0))) return q;
    q.source = 0.5 * capacitance * a;
    q.drain = 2.0 / 3 * capacitance * (a * a + a * b + b * b) / (a + b) - q.source;
    return q;
  }

 private:
  /// The over-voltage where it is positive, on its way to 0 at -phi/2 as Meyer's capacitances have it.
  template <class Real>
  [[nodiscard]] Real over_voltage(const Real& over) const {
    if (!(over > Real(-0.5 * phi))) return Real(0.0);
    if (!(over < Real(0.0))) return over + 0.25 * phi;
    const Real up = over + 0.5 * phi;
    return up * up / phi;
  }
  template <class Real>
  [[nodiscard]] Real bulk_charge(const Real& over) const {
    if (!(over > Real(-phi))) return capacitance * (over + 0.5 * phi);
    if (!(over < Real(0.0))) return Real(0.0);
    return -0.5 * capacitance / phi * over * over;
  }
};

}  // namespace memspice
