#pragma once

#include <algorithm>
#include <cmath>

#include "devices/junction.hpp"
#include "memspice/model.hpp"

namespace memspice {

// What field-effect transistors with a junction, and power MOS transistors, have in common.

/// f(x) of a function that Dual does not have, by its value and its derivative there.
inline double function_at(double, double value, double) {
  return value;
}
template <int N>
Dual<N> function_at(const Dual<N>& x, double value, double slope) {
  Dual<N> y(value);
  for (int i = 0; i < N; ++i) y.derivative[i] = slope * x.derivative[i];
  return y;
}

/// ln(1 + e^x).
template <class Real>
Real soft_ramp(const Real& x) {
  using std::exp;
  using std::log;
  constexpr double straight = 37;  // the rest is below the precision of a number
  if (x > Real(straight)) return x;
  if (x < Real(-straight)) return exp(x);
  return log(1.0 + exp(x));
}

/// 1 + x, kept positive where SPICE's linear factors of a current would change its sign: below -1/2 it is
/// -1/(4 x), with the same value and slope there.
template <class Real>
Real positive_factor(const Real& x) {
  return x < Real(-0.5) ? -0.25 / x : 1.0 + x;
}

/// The current of a pn junction: SPICE's ideal law with its reverse branch and breakdown.
struct JunctionCurrent {
  double saturation = 0;        // A
  double nvt = 1;               // V, emission coefficient times k T/q
  double breakdown = infinity;  // V, where it begins
  double breakdown_nvt = 1;     // V
  double leak = 0;              // A, of a breakdown leak (1 - e^(-u/leak_slope)) without a beginning
  double leak_slope = 1;        // V
  double gmin = 0;              // S, beside it
  double critical = 0;          // V, above which Newton's steps are shortened

  /// Without that of gmin.
  template <class Real>
  [[nodiscard]] Real ideal(const Real& u) const {
    const Real junction = junction_current(u, saturation, nvt, breakdown, breakdown_nvt);
    return leak > 0 ? junction + leak * (1.0 - bounded_exp(-u / leak_slope)) : junction;
  }
  template <class Real>
  [[nodiscard]] Real current(const Real& u) const {
    return ideal(u) + gmin * u;
  }

  /// Where a Newton step from `before` may end.
  [[nodiscard]] double limited(double after, double before) const {
    if (leak > 0 && after < 0)
      return -limit_junction(-after, -before, leak_slope, critical_voltage(leak, leak_slope));
    return limit_diode(after, before, nvt, critical, breakdown, breakdown_nvt);
  }
};

}  // namespace memspice
