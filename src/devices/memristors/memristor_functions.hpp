#pragma once

#include <cmath>

#include "memspice/model.hpp"

namespace memspice {

// Functions that several memristor models have in common, for numbers with and without derivatives.

/// e^x, continued along its tangent from x = 200 on (7e86): what Newton's method tries must stay finite.
template <class Real>
Real growth(const Real& x) {
  using std::exp;
  constexpr double last = 200;
  if (!(x > Real(last))) return exp(x);
  return std::exp(last) * (1.0 + (x - last));
}

/// x^exponent for x > 0, exponent > 0, and 0 elsewhere.
template <class Real>
Real power(const Real& x, double exponent) {
  using std::log;
  if (!(x > Real(0.0))) return Real(0.0);
  if (exponent == 1) return x;
  return growth(exponent * log(x));
}

/// A rate (1/s) of a state between 0 and 1 that drifts as fast as exponents and powers make it: as it is up
/// to 1e12 per second, which crosses in a picosecond, and logarithmic beyond. A state that is held at a bound
/// by 1e17 per second would leave the integrator no digits.
template <class Real>
Real physical_rate(const Real& rate) {
  using std::log;
  constexpr double fastest = 1e12;
  if (rate > Real(fastest)) return fastest * (1.0 + log(rate / fastest));
  if (rate < Real(-fastest)) return -fastest * (1.0 + log(-rate / fastest));
  return rate;
}

/// sinh x; a series where the difference of two exponentials would lose digits.
template <class Real>
Real sinh_of(const Real& x) {
  if (x > Real(-0.1) && x < Real(0.1)) {
    const Real y = x * x;
    return x * (1.0 + y / 6.0 * (1.0 + y / 20.0 * (1.0 + y / 42.0 * (1.0 + y / 72.0))));
  }
  return 0.5 * (growth(x) - growth(-x));
}

/// cosh x.
template <class Real>
Real cosh_of(const Real& x) {
  return 0.5 * (growth(x) + growth(-x));
}

}  // namespace memspice
