#include "devices/memristors/rram.hpp"

#include "devices/memristors/memristor_cards.hpp"

namespace memspice {

namespace {

enum RramParameter : std::size_t {
  rram_scale,
  rram_decay,
  rram_slope,
  rram_velocity,
  rram_loss,
  rram_exponent,
  rram_enhancement,
  rram_reset_enhancement,
  rram_activation,
  rram_spacing,
  rram_thickness,
  rram_least_field,
  rram_field_width,
  rram_heating,
  rram_smallest,
  rram_largest,
  rram_start,
  rram_temperature,
  rram_copies
};

// clang-format off
std::vector<ParameterDescription> rram_parameters() {
  return {
      {.name = "i0", .unit = "A", .default_value = 1e-3, .minimum = 0, .minimum_allowed = false, .help = "current scale"},
      {.name = "g0", .unit = "m", .default_value = 0.25e-9, .minimum = 0, .minimum_allowed = false, .help = "gap in which the current falls by e"},
      {.name = "v0", .unit = "V", .default_value = 0.25, .minimum = 0, .minimum_allowed = false, .help = "voltage scale of the current"},
      {.name = "vel0", .unit = "m/s", .default_value = 10, .minimum = 0, .help = "velocity scale of the gap"},
      {.name = "beta", .unit = "1", .default_value = 0.8, .minimum = 0, .help = "what a gap of 1 nm takes from the enhancement"},
      {.name = "alpha", .unit = "1", .default_value = 3, .minimum = 0, .minimum_allowed = false, .help = "exponent of the gap there"},
      {.name = "gamma0", .unit = "1", .default_value = 16, .minimum = 0, .help = "enhancement of the field at a positive voltage"},
      {.name = "gammar", .unit = "1", .default_value = 16, .minimum = 0, .help = "the same at a negative one"},
      {.name = "ea", .unit = "eV", .default_value = 0.6, .minimum = 0, .help = "activation energy"},
      {.name = "a0", .unit = "m", .default_value = 0.25e-9, .minimum = 0, .minimum_allowed = false, .help = "distance of atoms"},
      {.name = "tox", .unit = "m", .default_value = 12e-9, .minimum = 0, .minimum_allowed = false, .help = "thickness of the oxide"},
      {.name = "fmin", .unit = "V/m", .default_value = 1.4e9, .minimum = 0, .help = "enhanced field below which the gap stays", .aliases = {"f_min"}},
      {.name = "fwidth", .unit = "V/m", .default_value = 1e7, .minimum = 0, .minimum_allowed = false, .help = "width of that threshold"},
      {.name = "rth", .unit = "K/W", .default_value = 2.1e3, .minimum = 0, .help = "thermal resistance"},
      {.name = "gapmin", .unit = "m", .default_value = 0.2e-9, .minimum = 0, .minimum_allowed = false, .help = "smallest gap", .aliases = {"gap_min"}},
      {.name = "gapmax", .unit = "m", .default_value = 1.7e-9, .minimum = 0, .minimum_allowed = false, .help = "largest gap", .aliases = {"gap_max"}},
      {.name = "gap0", .unit = "m", .default_value = 0.2e-9, .minimum = 0, .minimum_allowed = false, .help = "initial gap", .aliases = {"gap_ini", "gap", "ic"}},
      memristor_temperature(),
      memristor_copies(),
  };
}
// clang-format on

std::optional<ParameterProblem> check_rram(std::span<const double> values) {
  if (values[rram_largest] <= values[rram_smallest])
    return ParameterProblem{rram_largest, "gapmax must be greater than gapmin", {}};
  if (values[rram_start] < values[rram_smallest] || values[rram_start] > values[rram_largest])
    return ParameterProblem{rram_start, "gap0 must lie between gapmin and gapmax", {}};
  return std::nullopt;
}

}  // namespace

Rram::Rram(std::span<const double> values)
    : scale_(values[rram_scale]),
      slope_(values[rram_slope]),
      decay_(values[rram_decay]),
      velocity_(values[rram_velocity]),
      activation_(values[rram_activation]),
      spacing_(values[rram_spacing]),
      thickness_(values[rram_thickness]),
      set_enhancement_(values[rram_enhancement]),
      reset_enhancement_(values[rram_reset_enhancement]),
      loss_(values[rram_loss]),
      exponent_(values[rram_exponent]),
      least_field_(values[rram_least_field]),
      field_width_(values[rram_field_width]),
      heating_(values[rram_heating]),
      kelvin_(value_or(values[rram_temperature], 27) + kelvin_at_zero_celsius),
      copies_(values[rram_copies]),
      bounds_{values[rram_smallest], values[rram_largest]} {}

DeviceType Rram::describe() {
  DeviceType type = memristor_of_level(7, "resistive memory", {"rram", "stanford", "pku"});
  type.help = "gap of a filament (Stanford): i = i0 exp(-gap/g0) sinh(v/v0)";
  type.parameters = rram_parameters();
  type.card_parameters = {memristor_warmth()};
  type.check = check_rram;
  type.finish = settle_temperature(rram_temperature, type.parameters.size());
  type.observables = {{"r", Quantity::impedance}, {"tfil", Quantity::notype}};
  return type;
}

}  // namespace memspice
