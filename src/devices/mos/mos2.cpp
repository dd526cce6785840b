#include "devices/mos/mos2.hpp"

#include <cmath>

#include "devices/mos/mos_type.hpp"

namespace memspice {

namespace {

// clang-format off
std::vector<ParameterDescription> mos2_parameters() {
  return {
      {.name = "kp", .unit = "A/V^2", .minimum = 0, .help = "transconductance; uo and tox unless given"},
      {.name = "lambda", .unit = "1/V", .default_value = 0, .minimum = 0, .help = "channel length modulation; computed where it is 0"},
      {.name = "delta", .unit = "1", .default_value = 0, .help = "effect of the width on the threshold"},
      {.name = "ucrit", .unit = "V/cm", .default_value = 1e4, .minimum = 0, .help = "critical field of the mobility"},
      {.name = "uexp", .unit = "1", .default_value = 0, .minimum = 0, .help = "exponent of the critical field"},
      {.name = "vmax", .unit = "m/s", .default_value = 0, .minimum = 0, .help = "largest drift velocity; 0: without limit"},
      {.name = "xj", .unit = "m", .default_value = 0, .minimum = 0, .help = "depth of the junctions"},
      {.name = "neff", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "coefficient of the channel's charge"},
      {.name = "nfs", .unit = "1/cm^2", .default_value = 0, .minimum = 0, .help = "fast surface state density, of weak inversion"},
  };
}
// clang-format on

/// What SPICE takes for a root of y³ + a y² + b y + c. Where it is none no root of the quartic follows.
double resolvent_root(double a, double b, double c) {
  const double p = b - a * a / 3;
  const double q = 2 * a * a * a / 27 - a * b / 3 + c;
  const double discriminant = q * q / 4 + p * p * p / 27;
  const double root = std::sqrt(std::abs(discriminant));
  if (discriminant < 0) return 2 * std::sqrt(-p / 3) * std::cos(std::atan(-2 * root / q) / 3) - a / 3;
  return std::cbrt(std::abs(root - q / 2)) + std::cbrt(std::abs(root + q / 2)) - a / 3;
}

}  // namespace

// Ferrari's: two quadratic factors, from a root of the cubic resolvent.
std::optional<double> smallest_positive_root(double a, double b, double c, double d) {
  const double y = resolvent_root(-b, a * c - 4 * d, -d * (a * a - 4 * b) - c * c);
  const double first = std::sqrt(std::max(0.0, a * a / 4 - b + y));
  const double second = std::sqrt(std::max(0.0, y * y / 4 - d));
  std::optional<double> smallest;
  for (const double sign : {1.0, -1.0}) {
    for (const double other : {1.0, -1.0}) {
      const double half = a / 2 + sign * first, product = y / 2 + other * second;
      const double inside = half * half / 4 - product;
      if (inside < 0) continue;
      for (const double x : {-half / 2 + std::sqrt(inside), -half / 2 - std::sqrt(inside)}) {
        if (!(x > 0) || std::abs((((x + a) * x + b) * x + c) * x + d) > 1e-6) continue;
        if (!smallest || x < *smallest) smallest = x;
      }
    }
  }
  return smallest;
}

Mos2::Mos2(const MosCard& card)
    : width_(card[mos_width]),
      length_(card.length),
      phi_(card.phi),
      gamma_(card.gamma),
      flat_(card.flat),
      vt_(card.vt),
      beta_(card.transconductance(card.own(transconductance), 2e-5) * card.copies() * width_ / length_),
      mobility_(card.mobility()),
      narrow_(card.own(delta) * 0.25 * M_PI * silicon_permittivity / (card.oxide * width_)),
      critical_(card.own(critical_field) * 100 * silicon_permittivity / card.oxide),
      critical_exponent_(card.own(critical_exponent)),
      velocity_(card.own(velocity)),
      modulation_(card.own(modulation)),
      junction_depth_(card.own(junction_depth)),
      depletion_width_(card.depletion_width()),
      junction_width_(depletion_width_ * std::sqrt(card.bulk_potential)),
      least_length_(depletion_width_ > 0 ? junction_width_ : 0.25e-6),
      channel_charge_(card.own(channel_charge)),
      surface_states_(electron_charge * card.own(fast_states) * 1e4 / card.oxide) {}

DeviceType mos2_type() {
  return mos_type<Mos2>(mos2_parameters(), "geometrical MOS transistor");
}

}  // namespace memspice
