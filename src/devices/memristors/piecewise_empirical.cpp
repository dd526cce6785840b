#include "devices/memristors/piecewise_empirical.hpp"

#include "devices/memristors/memristor_cards.hpp"

namespace memspice {

namespace {

enum PemParameter : std::size_t {
  pem_up,
  pem_down,
  pem_i1,
  pem_i2,
  pem_v1,
  pem_v2,
  pem_g0,
  pem_vp,
  pem_vn,
  pem_d1,
  pem_d2,
  pem_c1,
  pem_c2,
  pem_width,
  pem_start,
  pem_copies
};

// clang-format off
std::vector<ParameterDescription> pem_parameters() {
  return {
      {.name = "fxpdata", .unit = "1", .required = true, .help = "x and f+(x), of positive voltages", .curve = true},
      {.name = "fxmdata", .unit = "1", .required = true, .help = "x and f-(x), of negative voltages", .curve = true},
      {.name = "i1", .unit = "A", .default_value = 1, .minimum = 0, .help = "current scale of positive voltages"},
      {.name = "i2", .unit = "A", .default_value = 1, .minimum = 0, .help = "current scale of negative voltages"},
      {.name = "v1", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "voltage scale of positive voltages"},
      {.name = "v2", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "voltage scale of negative voltages"},
      {.name = "g0", .unit = "S", .default_value = 1, .minimum = 0, .help = "conductance at x = 1 beside the exponentials"},
      {.name = "vp", .unit = "V", .default_value = 1e-2, .help = "voltage from which on the state rises"},
      {.name = "vn", .unit = "V", .default_value = -1e-2, .help = "voltage up to which the state falls"},
      {.name = "d1", .unit = "1/V", .default_value = 1, .minimum = 0, .help = "growth of the speed above vp"},
      {.name = "d2", .unit = "1/V", .default_value = 1, .help = "growth of the speed below vn; negative, so that it grows away from vn"},
      {.name = "c1", .unit = "1/s", .default_value = 1, .minimum = 0, .help = "speed at positive voltages"},
      {.name = "c2", .unit = "1/s", .default_value = 1, .minimum = 0, .help = "speed at negative voltages"},
      {.name = "vwidth", .unit = "V", .default_value = 1e-4, .minimum = 0, .minimum_allowed = false, .help = "width around 0 V in which f- turns into f+; counts only if 0 V is beyond vp or vn"},
      {.name = "xo", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "initial state", .aliases = {"x0", "ic"}},
      memristor_copies(),
  };
}
// clang-format on

/// A curve by the value of its parameter; nullptr where there is none.
const Curve* curve_at(double place, std::span<const Curve> curves) {
  return place >= 0 && place < static_cast<double>(curves.size()) ? &curves[static_cast<std::size_t>(place)]
                                                                  : nullptr;
}

}  // namespace

PiecewiseEmpirical::PiecewiseEmpirical(std::span<const double> values, std::span<const Curve> curves)
    : up_(curve_at(values[pem_up], curves)),
      down_(curve_at(values[pem_down], curves)),
      i1_(values[pem_i1]),
      i2_(values[pem_i2]),
      v1_(values[pem_v1]),
      v2_(values[pem_v2]),
      conductance_(values[pem_g0]),
      vp_(values[pem_vp]),
      vn_(values[pem_vn]),
      d1_(values[pem_d1]),
      d2_(values[pem_d2]),
      up_speed_(values[pem_c1]),
      down_speed_(values[pem_c2]),
      width_(values[pem_width]),
      copies_(values[pem_copies]) {}

DeviceType PiecewiseEmpirical::describe() {
  DeviceType type = memristor_of_level(4, "piecewise empirical memristor", {"pem"});
  type.help =
      "i = x h(v); the rate of x is a function of v times curves of x that the card gives (Xyce's PEM)";
  type.parameters = pem_parameters();
  type.observables = {{"r", Quantity::impedance}};
  return type;
}

}  // namespace memspice
