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

/// How far a Newton step may move the voltage between bulk and source: as that of any junction, and not far
/// into reverse.
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
