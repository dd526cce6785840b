#include "devices/memristors/metastable_switch.hpp"

#include "devices/memristors/memristor_cards.hpp"

namespace memspice {

namespace {

enum SwitchesParameter : std::size_t {
  mss_ron,
  mss_roff,
  mss_von,
  mss_voff,
  mss_tau,
  mss_variant,
  mss_switches,
  mss_interval,
  mss_start,
  mss_temperature,
  mss_copies
};

// clang-format off
std::vector<ParameterDescription> switches_parameters() {
  return {
      {.name = "ron", .unit = "ohm", .default_value = 500, .minimum = 0, .minimum_allowed = false, .help = "resistance at x = 1"},
      {.name = "roff", .unit = "ohm", .default_value = 1500, .minimum = 0, .minimum_allowed = false, .help = "resistance at x = 0, at least ron"},
      {.name = "von", .unit = "V", .default_value = 0.27, .help = "voltage at which half of the switches turn on in tau"},
      {.name = "voff", .unit = "V", .default_value = 0.27, .help = "the same for turning off, at -voff"},
      {.name = "tau", .unit = "s", .default_value = 1e-4, .minimum = 0, .minimum_allowed = false, .help = "time scale"},
      {.name = "variant", .unit = "", .default_value = 0, .help = "mean, or with the noise of n switches", .choices = {"mean", "stochastic"}},
      {.name = "n", .unit = "1", .default_value = 1000, .minimum = 1, .help = "stochastic: number of switches"},
      {.name = "dt", .unit = "s", .minimum = 0, .minimum_allowed = false, .help = "stochastic: time for which the noise stays; tau/10 unless given"},
      {.name = "x0", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "initial state", .aliases = {"x", "xo", "ic"}},
      memristor_temperature(),
      memristor_copies(),
  };
}
// clang-format on

std::optional<ParameterProblem> check_switches(std::span<const double> values) {
  if (values[mss_roff] < values[mss_ron])
    return ParameterProblem{mss_roff, "roff must not be smaller than ron", {}};
  return std::nullopt;
}

}  // namespace

MetastableSwitches::MetastableSwitches(std::span<const double> values)
    : low_(values[mss_copies] / values[mss_roff]),
      high_(values[mss_copies] / values[mss_ron]),
      on_voltage_(values[mss_von]),
      off_voltage_(values[mss_voff]),
      tau_(values[mss_tau]),
      vt_(thermal_voltage(value_or(values[mss_temperature], 27) + kelvin_at_zero_celsius)),
      switches_(values[mss_switches]),
      interval_(values[mss_variant] != 0 ? value_or(values[mss_interval], 0.1 * tau_) : infinity) {}

DeviceType MetastableSwitches::describe() {
  DeviceType type = memristor_of_level(8, "metastable switches", {"mss", "knowm"});
  type.help = "mean metastable switches (Knowm): i = (x/ron + (1 - x)/roff) v";
  type.largest_resistance = mss_roff;
  type.parameters = switches_parameters();
  type.card_parameters = {memristor_warmth()};
  type.check = check_switches;
  type.finish = settle_temperature(mss_temperature, type.parameters.size());
  type.observables = {{"r", Quantity::impedance}};
  return type;
}

}  // namespace memspice
