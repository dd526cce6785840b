#include "devices/capacitor.hpp"

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

constexpr double vacuum_permittivity = 8.8541878128e-12;  // F/m
constexpr double silicon_dioxide = 3.9;

std::optional<ParameterProblem> finish_capacitance(std::span<double> values, const OperatingConditions& at) {
  enum Parameter : std::size_t {
    c,
    ic,
    shared,
    cj = shared + 7,
    cjsw,
    thickness,
    permittivity,
    length,
    width,
    narrow,
    shorter,
    default_width
  };
  const bool plate = !std::isnan(values[cj]) || !std::isnan(values[cjsw]) || values[thickness] > 0;
  if (std::isnan(values[c]) && plate) {
    const double l = values[length] - values[shorter];
    const double w = value_or(values[width], values[default_width]) - values[narrow];
    if (!(l > 0))
      return ParameterProblem{length, "a capacitor of a capacitance per area needs its length l=", {}};
    if (!(w > 0))
      return ParameterProblem{width, "the width must be greater than what etching takes (narrow)", {}};
    double per_area = value_or(values[cj], 0);
    if (std::isnan(values[cj]) && values[thickness] > 0)
      per_area = vacuum_permittivity * value_or(values[permittivity], silicon_dioxide) / values[thickness];
    values[c] = per_area * l * w + 2 * value_or(values[cjsw], 0) * (l + w);
  }
  const SharedValues shared_at = shared_values(values, shared, at);
  values[c] *= shared_at.factor * shared_at.copies;
  return std::nullopt;
}

}  // namespace

DeviceType Capacitor::describe() {
  DeviceType type;
  type.name = "capacitor";
  type.help = "linear capacitor, i = c dv/dt; open at the operating point";
  type.letter = 'c';
  type.model_type = "c";
  type.model_aliases = {"cap"};
  type.model_optional = true;
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.positional = true;
  type.open_at_dc = true;
  type.parameters = {
      {.name = "c",
       .unit = "F",
       .required = true,
       .help = "capacitance",
       .aliases = {"value", "cap", "capacitance"}},
      {.name = "ic", .unit = "V", .help = "initial voltage, used by .tran … uic"},
  };
  type.card_parameters = shared_card_parameters("multiplies the capacitance");
  const std::vector<ParameterDescription> geometry = {
      {.name = "cj", .unit = "F/m^2", .help = "capacitance per area"},
      {.name = "cjsw", .unit = "F/m", .help = "capacitance per length of the edge"},
      {.name = "thick", .unit = "m", .default_value = 0, .help = "of the dielectric, where cj is not given"},
      {.name = "di",
       .unit = "1",
       .help = "relative permittivity of the dielectric; silicon dioxide's unless given"},
      {.name = "l", .unit = "m", .help = "length", .aliases = {"defl"}},
      {.name = "w", .unit = "m", .help = "width"},
      {.name = "narrow", .unit = "m", .default_value = 0, .help = "width that etching takes"},
      {.name = "short", .unit = "m", .default_value = 0, .help = "length that etching takes"},
      {.name = "defw", .unit = "m", .default_value = 10e-6, .help = "width unless w is given"},
  };
  type.card_parameters.insert(type.card_parameters.end(), geometry.begin(), geometry.end());
  type.foreign_parameters = {
      {"bv_max", "memspice checks no limits of operation"},
      {"v irms mfg pn type", "it describes the part, not its behaviour"},
  };
  type.finish = finish_capacitance;
  return type;
}

}  // namespace memspice
