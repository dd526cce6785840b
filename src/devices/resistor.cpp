#include "devices/resistor.hpp"

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {
enum Parameter : std::size_t {
  r,
  shared,
  tce = shared + 7,
  rsh,
  length,
  width,
  narrow,
  shorter,
  default_width
};

std::optional<ParameterProblem> finish(std::span<double> values, const Temperatures& at) {
  if (std::isnan(values[r]) && !std::isnan(values[rsh])) {
    const double l = values[length] - values[shorter];
    const double w = value_or(values[width], values[default_width]) - values[narrow];
    if (!(l > 0)) return ParameterProblem{length, "a resistor of a sheet resistance needs its length l=", {}};
    if (!(w > 0))
      return ParameterProblem{width, "the width must be greater than what etching takes (narrow)", {}};
    values[r] = values[rsh] * l / w;
  }
  const SharedValues shared_at = shared_values(values, shared, at);
  double factor = shared_at.factor;
  if (!std::isnan(values[tce]))
    factor = std::pow(1.01, values[tce] * shared_at.temperature_difference) *
             values[shared + static_cast<std::size_t>(Shared::scale)];
  values[r] *= factor / shared_at.copies;
  return std::nullopt;
}
}  // namespace

DeviceType Resistor::describe() {
  DeviceType type;
  type.name = "resistor";
  type.help = "linear resistor, i = v/r; r may be negative, 0 is a short circuit";
  type.letter = 'r';
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
       .help = "sheet resistance: r = rsh (l - short)/(w - narrow)"},
      {.name = "l", .unit = "m", .help = "length"},
      {.name = "w", .unit = "m", .help = "width"},
      {.name = "narrow", .unit = "m", .default_value = 0, .help = "width that etching takes"},
      {.name = "short", .unit = "m", .default_value = 0, .help = "length that etching takes"},
      {.name = "defw", .unit = "m", .default_value = 10e-6, .help = "width unless w is given"},
  };
  type.card_parameters.insert(type.card_parameters.end(), geometry.begin(), geometry.end());
  type.finish = finish;
  return type;
}

}  // namespace memspice
