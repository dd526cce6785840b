#pragma once

#include <cmath>

#include "devices/junction.hpp"

namespace memspice {

// What memristor models are made of, for numbers with and without derivatives.

/// sinh x, continued along its tangents like bounded_exp; a series where exponentials would cancel.
template <class Real>
Real bounded_sinh(const Real& x) {
  constexpr double small = 0.05;
  if (x < Real(small) && x > Real(-small)) {
    const Real square = x * x;
    return x * (1.0 + square / 6.0 * (1.0 + square / 20.0 * (1.0 + square / 42.0)));
  }
  return 0.5 * (bounded_exp(x) - bounded_exp(-x));
}

/// sinh(x)/x, 1 at 0.
template <class Real>
Real sinh_ratio(const Real& x) {
  constexpr double small = 0.05;
  if (x < Real(small) && x > Real(-small)) {
    const Real square = x * x;
    return 1.0 + square / 6.0 * (1.0 + square / 20.0 * (1.0 + square / 42.0));
  }
  return bounded_sinh(x) / x;
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

}  // namespace memspice
