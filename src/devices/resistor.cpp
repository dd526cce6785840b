#include "devices/resistor.hpp"

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

std::optional<ParameterProblem> finish_resistance(std::span<double> values, const OperatingConditions& at) {
  enum Parameter : std::size_t {
    r,
    shared,
    tce = shared + 7,
    rsh,
    length,
    width,
    narrow,
    shorter,
    default_width,
    noisy,
    ac
  };
  if (std::isnan(values[r]) && !std::isnan(values[rsh])) {
    const double l = values[length] - 2 * values[shorter];  // both ends, and both edges
    const double w = value_or(values[width], values[default_width]) - 2 * values[narrow];
    if (!(l > 0))
      return ParameterProblem{length, "the length must be greater than what etching takes (2 short)", {}};
    if (!(w > 0))
      return ParameterProblem{width, "the width must be greater than what etching takes (2 narrow)", {}};
    values[r] = values[rsh] * l / w;
  }
  const SharedValues shared_at = shared_values(values, shared, at);
  double factor = shared_at.factor;
  if (!std::isnan(values[tce]))
    factor = std::pow(1.01, values[tce] * shared_at.temperature_difference) *
             values[shared + static_cast<std::size_t>(Shared::scale)];
  if (values[ac] == 0 || (values[r] == 0 && !std::isnan(values[ac])))
    return ParameterProblem{ac, "a short circuit has no other resistance in .ac", {}};
  for (const Parameter resistance : {r, ac}) values[resistance] *= factor / shared_at.copies;
  return std::nullopt;
}

}  // namespace

DeviceType Resistor::describe() {
  DeviceType type;
  type.name = "resistor";
  type.help = "linear resistor, i = v/r; r may be negative, 0 is a short circuit";
  type.letter = 'r';
  type.network_role = NetworkRole::resistor;
  type.resistance = type.largest_resistance = 0;  // r
  type.model_type = "r";
  type.model_aliases = {"res"};
  type.model_optional = true;
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.positional = true;
  type.parameters = {
      {.name = "r",
       .unit = "ohm",
       .required = true,
       .help = "resistance",
       .aliases = {"value", "resistance"}},
  };
  type.card_parameters = shared_card_parameters("multiplies the resistance");
  const std::vector<ParameterDescription> geometry = {
      {.name = "tce",
       .unit = "%/K",
       .help = "exponential coefficient: r 1.01^(tce dT), in place of tc1 and tc2"},
      {.name = "rsh",
       .unit = "ohm",
       .minimum = 0,
       .help = "sheet resistance: r = rsh (l - 2 short)/(w - 2 narrow)"},
      {.name = "l", .unit = "m", .default_value = 10e-6, .help = "length"},
      {.name = "w", .unit = "m", .help = "width"},
      {.name = "narrow", .unit = "m", .default_value = 0, .help = "width that etching takes at each edge"},
      {.name = "short", .unit = "m", .default_value = 0, .help = "length that etching takes at each end"},
      {.name = "defw", .unit = "m", .default_value = 10e-6, .help = "width unless w is given"},
      {.name = "noisy", .unit = "1", .default_value = 1, .help = "0: no noise in .noise"},
      {.name = "ac", .unit = "ohm", .help = "resistance in .ac and .noise, where it is another one"},
  };
  type.card_parameters.insert(type.card_parameters.end(), geometry.begin(), geometry.end());
  type.foreign_parameters = {
      {"kf af lf wf ef", "memspice has no flicker noise of resistors"},
      {"bv_max", "memspice checks no limits of operation"},
      {"tol pwr mfg pn", "it describes the part, not its behaviour"},
  };
  type.finish = finish_resistance;
  return type;
}

}  // namespace memspice
