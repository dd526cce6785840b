#pragma once

#include <algorithm>
#include <cmath>

#include "memspice/detail/program.hpp"
#include "random/draws.hpp"

namespace memspice {

/// The arithmetic of Program: one operation's value and its partial derivatives. program.hpp says how
/// functions go on where they have no value.
namespace operations {

using Operation = Program::Operation;

inline constexpr double smallest_divisor = 1e-32;
inline constexpr double smallest_logarithm = 1e-300;
inline constexpr double smallest_square = 1e-24;                       // of a root whose slope is asked for
inline constexpr double largest_exponent = 227.955924206410522717781;  // e to this is 1e99
inline constexpr double closest_to_one = 1 - 0x1p-53;                  // of an area tangent

inline double divisor(double b) {
  return std::abs(b) < smallest_divisor ? std::copysign(smallest_divisor, b) : b;
}

/// The exponential and its straight continuation.
inline double exponential(double a) {
  return a <= largest_exponent ? std::exp(a) : std::exp(largest_exponent) * (1 + (a - largest_exponent));
}

inline double exponential_slope(double a) {
  return std::exp(std::min(a, largest_exponent));
}

inline double hyperbolic_sine(double a) {
  return std::abs(a) <= largest_exponent ? std::sinh(a) : std::copysign(0.5 * exponential(std::abs(a)), a);
}

inline double hyperbolic_cosine(double a) {
  return std::abs(a) <= largest_exponent ? std::cosh(a) : 0.5 * exponential(std::abs(a));
}

/// a^b for a >= 0.
inline double magnitude_power(double a, double b) {
  return std::pow(b < 0 ? std::max(a, smallest_divisor) : a, b);
}

inline double power(double a, double b) {
  if (a >= 0) return magnitude_power(a, b);
  if (b != std::nearbyint(b)) return 0;
  return std::fmod(b, 2) == 0 ? magnitude_power(-a, b) : -magnitude_power(-a, b);
}

inline double round(double a, std::uint32_t how) {
  switch (how) {
    case 0:
      return std::floor(a);
    case 1:
      return std::ceil(a);
    case 2:
      return std::trunc(a);
    default:
      return std::nearbyint(a);
  }
}

inline double interpolate(const Program::Table& table, double a) {
  if (!(a > table.front().first)) return table.front().second;
  if (a >= table.back().first) return table.back().second;
  const auto right =
      std::upper_bound(table.begin(), table.end(), a, [](double x, const auto& p) { return x < p.first; });
  const auto left = right - 1;
  return std::lerp(left->second, right->second, (a - left->first) / (right->first - left->first));
}

inline double interpolate_slope(const Program::Table& table, double a) {
  if (!(a >= table.front().first) || a >= table.back().first) return 0;
  const auto right =
      std::upper_bound(table.begin(), table.end(), a, [](double x, const auto& p) { return x < p.first; });
  const auto left = right - 1;
  return (right->second - left->second) / (right->first - left->first);
}

/// Everything but constants, inputs, tables, events and select.
inline double value(Operation operation, double a, double b) {
  switch (operation) {
    case Operation::negate:
      return -a;
    case Operation::absolute:
      return std::abs(a);
    case Operation::sine:
      return std::sin(a);
    case Operation::cosine:
      return std::cos(a);
    case Operation::tangent:
      return std::tan(a);
    case Operation::arc_sine:
      return std::asin(std::clamp(a, -1.0, 1.0));
    case Operation::arc_cosine:
      return std::acos(std::clamp(a, -1.0, 1.0));
    case Operation::arc_tangent:
      return std::atan(a);
    case Operation::hyperbolic_sine:
      return hyperbolic_sine(a);
    case Operation::hyperbolic_cosine:
      return hyperbolic_cosine(a);
    case Operation::hyperbolic_tangent:
      return std::tanh(a);
    case Operation::area_sine:
      return std::asinh(a);
    case Operation::area_cosine:
      return std::acosh(std::max(a, 1.0));
    case Operation::area_tangent:
      return std::atanh(std::clamp(a, -closest_to_one, closest_to_one));
    case Operation::exponential:
      return exponential(a);
    case Operation::logarithm:
      return std::log(std::max(a, smallest_logarithm));
    case Operation::decimal_logarithm:
      return std::log10(std::max(a, smallest_logarithm));
    case Operation::square_root:
      return std::sqrt(std::max(a, 0.0));
    case Operation::ramp:
      return std::max(a, 0.0);
    case Operation::add:
      return a + b;
    case Operation::subtract:
      return a - b;
    case Operation::multiply:
      return a * b;
    case Operation::divide:
      return a / divisor(b);
    case Operation::power:
      return power(a, b);
    case Operation::absolute_power:
      return magnitude_power(std::abs(a), b);
    case Operation::signed_power:
      return a == 0 ? 0 : std::copysign(magnitude_power(std::abs(a), b), a);
    case Operation::minimum:
      return std::min(a, b);
    case Operation::maximum:
      return std::max(a, b);
    case Operation::hypotenuse:
      return std::hypot(a, b);
    case Operation::arc_tangent_2:
      return std::atan2(a, b);
    case Operation::random:
      return random_step(a);
    default:
      return 0;
  }
}

struct Partials {
  double a = 0;
  double b = 0;
};

/// Of m^b for m >= 0 with the value r: by m and by b.
inline Partials magnitude_power_partials(double m, double b, double r) {
  const double logarithm = m > 0 ? std::log(m) : 0;
  if (b < 0) return {m < smallest_divisor ? 0 : b * r / m, r * logarithm};
  if (b >= 1) return {b * std::pow(m, b - 1), r * logarithm};
  if (b == 0) return {0, r * logarithm};
  return {b * std::pow(std::max(m, smallest_square), b - 1), r * logarithm};
}

/// The partial derivatives of the same operations; r is the value.
inline Partials partials(Operation operation, double a, double b, double r) {
  switch (operation) {
    case Operation::negate:
      return {-1, 0};
    case Operation::absolute:
      return {a < 0 ? -1.0 : 1.0, 0};
    case Operation::sine:
      return {std::cos(a), 0};
    case Operation::cosine:
      return {-std::sin(a), 0};
    case Operation::tangent:
      return {1 + r * r, 0};
    case Operation::arc_sine:
    case Operation::arc_cosine: {
      if (std::abs(a) > 1) return {0, 0};
      const double slope = 1 / std::sqrt(std::max((1 - a) * (1 + a), smallest_square));
      return {operation == Operation::arc_sine ? slope : -slope, 0};
    }
    case Operation::arc_tangent:
      return {1 / (1 + a * a), 0};
    case Operation::hyperbolic_sine:
      return {std::cosh(std::clamp(a, -largest_exponent, largest_exponent)), 0};
    case Operation::hyperbolic_cosine:
      return {std::sinh(std::clamp(a, -largest_exponent, largest_exponent)), 0};
    case Operation::hyperbolic_tangent: {
      const double c = std::cosh(std::min(std::abs(a), largest_exponent));
      return {1 / (c * c), 0};
    }
    case Operation::area_sine:
      return {1 / std::hypot(a, 1), 0};
    case Operation::area_cosine:
      return {a < 1 ? 0 : 1 / std::sqrt(std::max((a - 1) * (a + 1), smallest_square)), 0};
    case Operation::area_tangent:
      return {std::abs(a) > closest_to_one ? 0 : 1 / ((1 - a) * (1 + a)), 0};
    case Operation::exponential:
      return {exponential_slope(a), 0};
    case Operation::logarithm:
      return {a < smallest_logarithm ? 0 : 1 / a, 0};
    case Operation::decimal_logarithm:
      return {a < smallest_logarithm ? 0 : 0.43429448190325182765 / a, 0};
    case Operation::square_root:
      return {a < 0 ? 0 : 0.5 / std::sqrt(std::max(a, smallest_square)), 0};
    case Operation::ramp:
      return {a > 0 ? 1.0 : 0.0, 0};
    case Operation::add:
      return {1, 1};
    case Operation::subtract:
      return {1, -1};
    case Operation::multiply:
      return {b, a};
    case Operation::divide:
      return {1 / divisor(b), std::abs(b) < smallest_divisor ? 0 : -r / b};
    case Operation::power: {
      if (a >= 0) return magnitude_power_partials(a, b, r);
      if (b != std::nearbyint(b)) return {0, 0};
      return {b == 0 ? 0 : b * power(a, b - 1), 0};
    }
    case Operation::absolute_power: {
      const Partials of = magnitude_power_partials(std::abs(a), b, r);
      return {a < 0 ? -of.a : of.a, of.b};
    }
    case Operation::signed_power: {
      const Partials of = magnitude_power_partials(std::abs(a), b, std::abs(r));
      return {of.a, std::copysign(1.0, a) * of.b};
    }
    case Operation::minimum:
      return a <= b ? Partials{1, 0} : Partials{0, 1};
    case Operation::maximum:
      return a >= b ? Partials{1, 0} : Partials{0, 1};
    case Operation::hypotenuse:
      return r == 0 ? Partials{0, 0} : Partials{a / r, b / r};
    case Operation::arc_tangent_2: {
      const double h = std::max(std::hypot(a, b), smallest_divisor);
      return {b / h / h, -(a / h / h)};
    }
    default:
      return {0, 0};
  }
}

}  // namespace operations
}  // namespace memspice
