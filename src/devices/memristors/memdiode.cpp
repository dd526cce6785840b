#include "devices/memristors/memdiode.hpp"

#include <algorithm>

#include "devices/memristors/memristor_cards.hpp"

namespace memspice {

namespace {

enum MemdiodeParameter : std::size_t {
  diode_variant,
  diode_low_scale,
  diode_high_scale,
  diode_low_alpha,
  diode_high_alpha,
  diode_low_series,
  diode_high_series,
  diode_balance,
  diode_set_time,
  diode_set_slope,
  diode_reset_time,
  diode_reset_slope,
  diode_set_steepness,
  diode_set_voltage,
  diode_reset_steepness,
  diode_reset_voltage,
  diode_lag,
  diode_start,
  diode_copies
};

// clang-format off
std::vector<ParameterDescription> memdiode_parameters() {
  return {
      {.name = "variant", .unit = "", .default_value = 0, .help = "how the state moves: dynamic or quasi-static", .choices = {"dmm", "qmm"}},
      {.name = "imin", .unit = "A", .default_value = 1.8e-6, .minimum = 0, .minimum_allowed = false, .help = "current scale at lambda = 0"},
      {.name = "imax", .unit = "A", .default_value = 1.23e-3, .minimum = 0, .minimum_allowed = false, .help = "current scale at lambda = 1"},
      {.name = "alphamin", .unit = "1/V", .default_value = 3, .minimum = 0, .minimum_allowed = false, .help = "slope of the exponentials at lambda = 0"},
      {.name = "alphamax", .unit = "1/V", .default_value = 3.8, .minimum = 0, .minimum_allowed = false, .help = "slope of the exponentials at lambda = 1"},
      {.name = "rsmin", .unit = "ohm", .default_value = 117, .minimum = 0, .help = "series resistance at lambda = 0"},
      {.name = "rsmax", .unit = "ohm", .default_value = 256, .minimum = 0, .help = "series resistance at lambda = 1"},
      {.name = "beta", .unit = "1", .default_value = 0.308, .minimum = 0, .maximum = 1, .help = "part of the slope that the positive exponential has"},
      {.name = "t0s", .unit = "s", .default_value = 1.796e6, .minimum = 0, .minimum_allowed = false, .help = "dmm: time of set at 0 V"},
      {.name = "v0s", .unit = "V", .default_value = 0.0899, .minimum = 0, .minimum_allowed = false, .help = "dmm: voltage that makes it e times as fast"},
      {.name = "t0r", .unit = "s", .default_value = 132, .minimum = 0, .minimum_allowed = false, .help = "dmm: time of reset at 0 V"},
      {.name = "v0r", .unit = "V", .default_value = 0.1905, .minimum = 0, .minimum_allowed = false, .help = "dmm: voltage that makes it e times as slow"},
      {.name = "etaset", .unit = "1/V", .default_value = 15, .minimum = 0, .minimum_allowed = false, .help = "qmm: steepness of set"},
      {.name = "vset", .unit = "V", .default_value = 0.8, .help = "qmm: voltage of set"},
      {.name = "etares", .unit = "1/V", .default_value = 4, .minimum = 0, .minimum_allowed = false, .help = "qmm: steepness of reset"},
      {.name = "vres", .unit = "V", .default_value = -1.3, .help = "qmm: voltage of reset"},
      {.name = "ch0", .unit = "s", .default_value = 1e-4, .minimum = 0, .minimum_allowed = false, .help = "qmm: time in which the state follows"},
      {.name = "h0", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "initial state", .aliases = {"lambda0", "lambda", "ic"}},
      memristor_copies(),
  };
}
// clang-format on

}  // namespace

Memdiode::Memdiode(std::span<const double> values)
    : scale_{values[diode_low_scale], values[diode_high_scale]},
      alpha_{values[diode_low_alpha], values[diode_high_alpha]},
      series_{values[diode_low_series], values[diode_high_series]},
      balance_(values[diode_balance]),
      set_time_(values[diode_set_time]),
      set_slope_(values[diode_set_slope]),
      reset_time_(values[diode_reset_time]),
      reset_slope_(values[diode_reset_slope]),
      set_voltage_(values[diode_set_voltage]),
      set_steepness_(values[diode_set_steepness]),
      reset_voltage_(values[diode_reset_voltage]),
      reset_steepness_(values[diode_reset_steepness]),
      lag_(values[diode_lag]),
      copies_(values[diode_copies]),
      largest_slope_(std::max(alpha_[0], alpha_[1]) * std::max(balance_, 1 - balance_)),
      quasi_static_(values[diode_variant] != 0) {}

void Memdiode::limit(const std::array<double, 2>& before, std::array<double, 2>& after) const {
  const double unit = 1 / largest_slope_;
  const double change = after[1] - before[1];
  const bool outwards = std::abs(after[1]) > std::abs(before[1]);
  if (!outwards || std::abs(change) <= 2 * unit) return;
  after[1] = before[1] + std::copysign(unit * (2 + std::log(std::abs(change) / (2 * unit))), change);
}

DeviceType Memdiode::describe() {
  DeviceType type = memristor_of_level(13, "memdiode", {"memdiode"});
  type.help = "memdiode (Miranda): two exponentials behind a series resistance";
  type.parameters = memdiode_parameters();
  type.observables = {{"r", Quantity::impedance}};
  return type;
}

}  // namespace memspice
