#include "devices/memristors/threshold_memristor.hpp"

#include "devices/memristors/normalised_state.hpp"

namespace memspice {

namespace {

enum ThresholdParameter : std::size_t {
  threshold_rmin,
  threshold_rmax,
  threshold_start,
  threshold_alpha,
  threshold_beta,
  threshold_vt,
  threshold_copies,
  threshold_rinit  // of the card
};

// clang-format off
std::vector<ParameterDescription> threshold_parameters() {
  return {
      {.name = "rmin", .unit = "ohm", .default_value = 10, .minimum = 0, .minimum_allowed = false, .help = "smallest resistance", .aliases = {"ron"}},
      {.name = "rmax", .unit = "ohm", .default_value = 10e3, .minimum = 0, .minimum_allowed = false, .help = "largest resistance", .aliases = {"roff"}},
      {.name = "s0", .unit = "1", .minimum = 0, .maximum = 1, .help = "initial state, from 0 at rmin to 1 at rmax"},
      {.name = "alpha", .unit = "ohm/(V.s)", .default_value = 0, .help = "speed below the threshold"},
      {.name = "beta", .unit = "ohm/(V.s)", .default_value = 1, .help = "speed above the threshold"},
      {.name = "vt", .unit = "V", .default_value = 0, .minimum = 0, .help = "threshold"},
      {.name = "copies", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side, all in the same state", .on_element = "m"},
  };
}
// clang-format on

std::optional<ParameterProblem> check_threshold(std::span<const double> values) {
  if (!(values[threshold_rmax] > values[threshold_rmin]))
    return ParameterProblem{threshold_rmax, "rmax must be larger than rmin", {}};
  return std::nullopt;
}

}  // namespace

ThresholdMemristor::ThresholdMemristor(std::span<const double> values)
    : low_(values[threshold_rmin]),
      span_(values[threshold_rmax] - values[threshold_rmin]),
      alpha_(values[threshold_alpha] / span_),
      beta_(values[threshold_beta] / span_),
      threshold_(values[threshold_vt]),
      copies_(values[threshold_copies]) {}

DeviceType ThresholdMemristor::describe() {
  DeviceType type;
  type.name = "threshold memristor";
  type.help = "i = v/x, and the resistance x moves with beta beyond the threshold vt, with alpha below";
  type.letter = 'y';
  type.model_type = "memristor";
  type.level = 5;
  type.form.level_names = {"threshold", "pershin"};
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.largest_resistance = threshold_rmax;
  type.parameters = threshold_parameters();
  type.card_parameters = {{.name = "rinit",
                           .unit = "ohm",
                           .help = "initial resistance, between rmin and rmax; 7 kohm unless given",
                           .aliases = {"ic"}}};
  type.finish = [](std::span<double> values, const OperatingConditions&) {
    constexpr double usual = 7e3;  // of ngspice
    if (std::isnan(values[threshold_rinit]) && std::isnan(values[threshold_start]))
      values[threshold_rinit] = usual;
    return normalise_start(values, {threshold_rinit, threshold_rmin, threshold_rmax, threshold_start});
  };
  type.observables = {{"x", Quantity::impedance}, {"r", Quantity::impedance}};
  type.check = check_threshold;
  return type;
}

}  // namespace memspice
