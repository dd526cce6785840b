#pragma once

#include <cmath>

#include "devices/junction.hpp"

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

/// sinh(x)/x, 1 at 0, where exponentials would cancel: for x² below 1/400.
template <class Real>
Real sinh_series(const Real& square) {
  return 1.0 + square / 6.0 * (1.0 + square / 20.0 * (1.0 + square / 42.0));
}

/// sinh x, continued along its tangents like bounded_exp.
template <class Real>
Real bounded_sinh(const Real& x) {
  const Real square = x * x;
  if (square < Real(0.0025)) return x * sinh_series(square);
  return 0.5 * (bounded_exp(x) - bounded_exp(-x));
}

/// sinh(x)/x, 1 at 0.
template <class Real>
Real sinh_ratio(const Real& x) {
  const Real square = x * x;
  return square < Real(0.0025) ? sinh_series(square) : bounded_sinh(x) / x;
}

/// (e^x - 1)/x, 1 at 0.
template <class Real>
Real growth_ratio(const Real& x) {
  constexpr double small = 0.05;
  if (x < Real(small) && x > Real(-small))
    return 1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0))));
  return (bounded_exp(x) - 1.0) / x;
}

/// 1/(1 + e^-x), without overflow.
template <class Real>
Real logistic(const Real& x) {
  using std::exp;
  if (x > Real(0.0)) return 1.0 / (1.0 + exp(-x));
  const Real e = exp(x);
  return e / (1.0 + e);
}

/// tanh x, without overflow.
template <class Real>
Real hyperbolic_tangent(const Real& x) {
  return 2.0 * logistic(2.0 * x) - 1.0;
}

template <class Real>
Real magnitude(const Real& x) {
  return x < Real(0.0) ? -x : x;
}

/// cosh x, beside bounded_sinh.
template <class Real>
Real cosh_of(const Real& x) {
  return 0.5 * (bounded_exp(x) + bounded_exp(-x));
}

}  // namespace memspice
