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

}  // namespace

double Mos2::root_between(double low, double high, const std::array<double, 4>& abcd) {
  const double a = abcd[0], b = abcd[1], c = abcd[2], d = abcd[3];
  const auto value = [&](double x) { return (((x + a) * x + b) * x + c) * x + d; };
  if (!(value(low) > 0) || !(high > low)) return low;
  double x = high;
  for (int i = 0; i < 100; ++i) {
    const double f = value(x);
    (f > 0 ? low : high) = x;
    double next = x - f / (((4 * x + 3 * a) * x + 2 * b) * x + c);
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - x) <= 1e-15 * high) break;
    x = next;
  }
  return x;
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
