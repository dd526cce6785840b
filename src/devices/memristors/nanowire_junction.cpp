#include "devices/memristors/nanowire_junction.hpp"

#include "devices/memristors/memristor_cards.hpp"

namespace memspice {

namespace {

enum JunctionParameter : std::size_t {
  wire_set,
  wire_reset,
  wire_strength,
  wire_on,
  wire_off,
  wire_critical,
  wire_largest,
  wire_distance,
  wire_barrier,
  wire_area,
  wire_tunnelling,
  wire_width,
  wire_start,
  wire_copies
};

// clang-format off
std::vector<ParameterDescription> junction_parameters() {
  return {
      {.name = "vset", .unit = "V", .default_value = 0.01, .minimum = 0, .help = "voltage above which the filament grows"},
      {.name = "vreset", .unit = "V", .default_value = 0.005, .minimum = 0, .help = "voltage below which it decays, at most vset"},
      {.name = "b", .unit = "1", .default_value = 10, .minimum = 0, .help = "how many times as fast it decays", .aliases = {"boost", "eta"}},
      {.name = "ron", .unit = "ohm", .default_value = 12.9e3, .minimum = 0, .minimum_allowed = false, .help = "resistance of a filament that is closed"},
      {.name = "roff", .unit = "ohm", .default_value = 12.9e6, .minimum = 0, .minimum_allowed = false, .help = "resistance beside the filament"},
      {.name = "lcrit", .unit = "V.s", .default_value = 0.01, .minimum = 0, .minimum_allowed = false, .help = "flux that closes the filament", .aliases = {"critflux"}},
      {.name = "lmax", .unit = "V.s", .default_value = 0.015, .minimum = 0, .minimum_allowed = false, .help = "largest flux", .aliases = {"maxflux"}},
      {.name = "smax", .unit = "nm", .default_value = 5, .minimum = 0, .help = "gap without a filament"},
      {.name = "phi", .unit = "V", .default_value = 0.81, .minimum = 0, .minimum_allowed = false, .help = "height of the tunnelling barrier"},
      {.name = "area", .unit = "nm^2", .default_value = 0.17, .minimum = 0, .minimum_allowed = false, .help = "area of the tip of the filament"},
      {.name = "tunnel", .unit = "", .default_value = 0, .help = "formula of the tunnelling resistance", .choices = {"kuncic", "hochstetter", "simmons"}},
      {.name = "width", .unit = "1", .default_value = 1e-3, .minimum = 0, .minimum_allowed = false, .help = "part of lcrit in which the decay of the filament fades at 0"},
      {.name = "lambda0", .unit = "V.s", .default_value = 0, .help = "initial flux, at most lmax either way", .aliases = {"lambda", "ic"}},
      memristor_copies(),
  };
}
// clang-format on

std::optional<ParameterProblem> check_junction(std::span<const double> values) {
  if (values[wire_reset] > values[wire_set])
    return ParameterProblem{wire_reset, "vreset must not be greater than vset", {}};
  if (std::abs(values[wire_start]) > values[wire_largest])
    return ParameterProblem{wire_start, "lambda0 must lie between -lmax and lmax", {}};
  return std::nullopt;
}

}  // namespace

NanowireJunction::NanowireJunction(std::span<const double> values)
    : set_(values[wire_set]),
      reset_(values[wire_reset]),
      strength_(values[wire_strength]),
      critical_(values[wire_critical]),
      largest_(values[wire_largest]),
      width_(values[wire_width] * values[wire_critical]),
      distance_(values[wire_distance]),
      on_(values[wire_on]),
      leak_(values[wire_copies] / values[wire_off]),
      copies_(values[wire_copies]),
      filled_(values[wire_copies] / values[wire_on] + leak_),
      tunnelling_(static_cast<Tunnelling>(static_cast<int>(values[wire_tunnelling]))) {
  constexpr double current_scale = 4.71307e-5;  // S nm
  constexpr double decay = 10.19;               // 1/(nm √V)
  const double phi = values[wire_barrier];
  const bool simmons = tunnelling_ == Tunnelling::simmons;
  scale_ = (simmons ? 1 : 2) / (values[wire_area] * std::sqrt(phi) * current_scale);
  exponent_ = decay * (simmons ? std::sqrt(phi) : phi * phi);
}

DeviceType NanowireJunction::describe() {
  DeviceType type = memristor_of_level(9, "nanowire junction", {"nanowire", "kuncic"});
  type.help = "junction of nanowires with tunnelling (Kuncic): i = (1/(rt(lambda) + ron) + 1/roff) v";
  type.largest_resistance = wire_off;
  type.parameters = junction_parameters();
  type.check = check_junction;
  type.observables = {{"r", Quantity::impedance}};
  return type;
}

}  // namespace memspice
