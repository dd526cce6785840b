#include "random/portable_math.hpp"

#include <cmath>

namespace memspice {

namespace {

// ln 2 in two parts: multiples of the first up to 2^20 are exact.
constexpr double ln2_high = 0x1.62e42feep-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;

}  // namespace

double portable_log(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact by definition
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    --exponent;
  }
  // ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...), |s| < 0.172
  const double s = (mantissa - 1) / (mantissa + 1);
  const double square = s * s;
  double series = 0;
  for (int k = 23; k >= 3; k -= 2) series = (series + 1.0 / k) * square;
  return exponent * ln2_high + (2 * s + (2 * s * series + exponent * ln2_low));
}

double portable_exp(double x) {
  const double power = std::floor(x / ln2_high + 0.5);
  const double rest = (x - power * ln2_high) - power * ln2_low;
  double series = 1;
  for (int k = 15; k >= 1; --k) series = 1 + series * rest / k;
  return std::ldexp(series, static_cast<int>(power));
}

}  // namespace memspice
