#pragma once

#include <algorithm>
#include <cmath>

#include "devices/junction.hpp"
#include "memspice/model.hpp"

namespace memspice {

// What field-effect transistors with a junction, and power MOS transistors, have in common.

inline double number_of(double x) {
  return x;
}
template <int N>
double number_of(const Dual<N>& x) {
  return x.value;
}

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
  double gmin = 0;              // S, beside it
  double critical = 0;          // V, above which Newton's steps are shortened

  /// Without that of gmin.
  template <class Real>
  [[nodiscard]] Real ideal(const Real& u) const {
    if (!(u < Real(-3 * nvt))) return saturation * (bounded_exp(u / nvt) - 1.0);
    if (u < Real(-breakdown)) return -saturation * bounded_exp(-(breakdown + u) / breakdown_nvt);
    const Real arg = 3 * nvt / (u * std::exp(1.0));
    return -saturation * (1.0 + arg * arg * arg);
  }
  template <class Real>
  [[nodiscard]] Real current(const Real& u) const {
    return ideal(u) + gmin * u;
  }

  /// Where a Newton step from `before` may end.
  [[nodiscard]] double limited(double after, double before) const {
    if (breakdown < infinity && after < std::min(0.0, 10 * breakdown_nvt - breakdown))
      return -(limit_junction(-(after + breakdown), -(before + breakdown), breakdown_nvt, critical) +
               breakdown);
    return limit_junction(after, before, nvt, critical);
  }
};

/// SPICE's fetlim: the voltage between gate and source does not go from cut off to far on, or back, in one
/// step.
inline double limit_channel(double after, double before, double threshold) {
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

/// SPICE's limvds, between drain and source.
inline double limit_across(double after, double before) {
  if (before < 3.5) return after > before ? std::min(after, 4.0) : std::max(after, -0.5);
  if (after > before) return std::min(after, 3 * before + 2);
  return after < 3.5 ? std::max(after, 2.0) : after;
}

}  // namespace memspice
