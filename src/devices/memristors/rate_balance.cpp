#include "devices/memristors/rate_balance.hpp"

#include "devices/memristors/memristor_cards.hpp"

namespace memspice {

namespace {

enum RateParameter : std::size_t {
  rate_potentiation,
  rate_potentiation_slope,
  rate_depression,
  rate_depression_slope,
  rate_low,
  rate_high,
  rate_start,
  rate_copies
};

// clang-format off
std::vector<ParameterDescription> rate_parameters() {
  return {
      {.name = "kp0", .unit = "1/s", .default_value = 1e-4, .minimum = 0, .help = "rate of potentiation at 0 V"},
      {.name = "etap", .unit = "1/V", .default_value = 10, .minimum = 0, .help = "how fast it grows", .aliases = {"eta_p"}},
      {.name = "kd0", .unit = "1/s", .default_value = 0.5, .minimum = 0, .help = "rate of depression at 0 V"},
      {.name = "etad", .unit = "1/V", .default_value = 1, .minimum = 0, .help = "how fast it falls", .aliases = {"eta_d"}},
      {.name = "ymin", .unit = "S", .default_value = 1e-3, .minimum = 0, .minimum_allowed = false, .help = "conductance at g = 0", .aliases = {"y_min", "gmin"}},
      {.name = "ymax", .unit = "S", .default_value = 0.1, .minimum = 0, .minimum_allowed = false, .help = "conductance at g = 1, at least ymin", .aliases = {"y_max", "gmax"}},
      {.name = "g0", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "initial state", .aliases = {"g", "ic"}},
      memristor_copies(),
  };
}
// clang-format on

std::optional<ParameterProblem> check_rate(std::span<const double> values) {
  if (values[rate_high] < values[rate_low])
    return ParameterProblem{rate_high, "ymax must not be smaller than ymin", {}};
  return std::nullopt;
}

}  // namespace

RateBalance::RateBalance(std::span<const double> values)
    : potentiation_(values[rate_potentiation]),
      depression_(values[rate_depression]),
      potentiation_slope_(values[rate_potentiation_slope]),
      depression_slope_(values[rate_depression_slope]),
      low_(values[rate_copies] * values[rate_low]),
      high_(values[rate_copies] * values[rate_high]) {}

DeviceType RateBalance::describe() {
  DeviceType type = memristor_of_level(10, "rate balance", {"rate", "miranda"});
  type.help = "balance of potentiation and depression (Miranda): i = (ymin (1 - g) + ymax g) v";
  type.parameters = rate_parameters();
  type.check = check_rate;
  type.observables = {{"r", Quantity::impedance}};
  return type;
}

}  // namespace memspice
