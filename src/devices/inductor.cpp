#include "devices/inductor.hpp"

#include <cmath>
#include <numbers>

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

/// Lundin's formula for what a short coil has of the inductance of as much of an endless one, to 3e-6
/// (Proc. IEEE 73 (1985) 1428).
double short_coil_factor(double length, double radius) {
  const auto bend = [](double s) { return (1 + s * (0.383901 + s * 0.017108)) / (1 + 0.258952 * s); };
  constexpr double pi = std::numbers::pi;
  if (length >= 2 * radius) {
    const double x = 2 * radius / length;
    return bend(x * x) - 4 / (3 * pi) * x;
  }
  const double x = length / (2 * radius);
  const double s = x * x;
  return 2 / pi * x * ((std::log(4 / x) - 0.5) * bend(s) + s * (0.093842 + s * (0.002029 - s * 0.000801)));
}

std::optional<ParameterProblem> finish_inductance(std::span<double> values, const OperatingConditions& at) {
  enum Parameter : std::size_t {
    l,
    ic,
    shared,
    turns = shared + 7,
    cross_section,
    diameter,
    length,
    permeability
  };
  if (std::isnan(values[l]) && !std::isnan(values[turns])) {
    const double area =
        value_or(values[cross_section], 0.25 * std::numbers::pi * values[diameter] * values[diameter]);
    if (!(area > 0) || !(values[length] > 0))
      return ParameterProblem{turns, "an inductor of nt turns needs length= and csect= or dia=", {}};
    constexpr double vacuum_permeability = 4e-7 * std::numbers::pi;  // H/m
    values[l] = vacuum_permeability * values[permeability] * values[turns] * values[turns] * area /
                values[length] * short_coil_factor(values[length], std::sqrt(area / std::numbers::pi));
  }
  const SharedValues shared_at = shared_values(values, shared, at);
  values[l] *= shared_at.factor / shared_at.copies;
  return std::nullopt;
}

}  // namespace

DeviceType Inductor::describe() {
  DeviceType type;
  type.name = "inductor";
  type.help = "linear inductor, v = l di/dt; a short circuit at the operating point";
  type.letter = 'l';
  type.model_type = "l";
  type.model_aliases = {"ind"};
  type.model_optional = true;
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.positional = true;
  type.short_at_dc = true;
  type.parameters = {
      {.name = "l",
       .unit = "H",
       .minimum = 0,
       .required = true,
       .help = "inductance; 0: a short circuit",
       .aliases = {"value", "ind", "inductance"}},
      {.name = "ic", .unit = "A", .help = "initial current, used by .tran … uic"},
  };
  type.card_parameters = shared_card_parameters("multiplies the inductance");
  const std::vector<ParameterDescription> geometry = {
      {.name = "nt",
       .unit = "1",
       .minimum = 0,
       .help = "turns: l = mu mu0 nt^2 csect/length times Lundin's factor"},
      {.name = "csect", .unit = "m^2", .help = "cross section"},
      {.name = "dia", .unit = "m", .help = "diameter, in place of csect"},
      {.name = "length", .unit = "m", .help = "length of the coil"},
      {.name = "mu", .unit = "1", .default_value = 1, .help = "relative permeability"},
  };
  type.card_parameters.insert(type.card_parameters.end(), geometry.begin(), geometry.end());
  type.foreign_parameters = {
      {"irms ipk mfg pn", "it describes the part, not its behaviour"},
  };
  type.finish = finish_inductance;
  return type;
}

}  // namespace memspice
