#include "devices/diode.hpp"

#include <algorithm>

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

enum DiodeParameter : std::size_t {
  saturation,
  sidewall_saturation,
  series,
  emission,
  transit,
  zero_bias_capacitance,
  potential,
  grading,
  sidewall_capacitance,
  sidewall_potential,
  sidewall_grading,
  forward_corner,
  knee,
  breakdown,
  breakdown_current,
  breakdown_emission,
  breakdown_slope,
  gap,
  saturation_exponent,
  flicker,
  flicker_exponent,
  area,
  perimeter,
  off,
  nominal,
  temperature,
  leak,
  copies
};

// clang-format off
std::vector<ParameterDescription> diode_parameters() {
  return {
      {.name = "is", .unit = "A", .default_value = 1e-14, .minimum = 0, .help = "saturation current", .aliases = {"js"}},
      {.name = "jsw", .unit = "A", .default_value = 0, .minimum = 0, .help = "saturation current of the sidewall", .aliases = {"isw"}},
      {.name = "rs", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "series resistance"},
      {.name = "n", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient"},
      {.name = "tt", .unit = "s", .default_value = 0, .minimum = 0, .help = "transit time"},
      {.name = "cjo", .unit = "F", .default_value = 0, .minimum = 0, .help = "junction capacitance at 0 V", .aliases = {"cj0", "cj"}},
      {.name = "vj", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "built-in potential", .aliases = {"pb"}},
      {.name = "mj", .unit = "1", .default_value = 0.5, .minimum = 0, .help = "grading coefficient", .aliases = {"m"}},
      {.name = "cjsw", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of the sidewall at 0 V", .aliases = {"cjp"}},
      {.name = "vjsw", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "built-in potential of the sidewall", .aliases = {"php"}},
      {.name = "mjsw", .unit = "1", .default_value = 0.33, .minimum = 0, .help = "grading coefficient of the sidewall"},
      {.name = "fc", .unit = "1", .default_value = 0.5, .minimum = 0, .maximum = 0.95, .help = "part of vj up to which the formula of the depletion holds"},
      {.name = "ikf", .unit = "A", .minimum = 0, .help = "current of the knee of high injection", .aliases = {"ik"}},
      {.name = "bv", .unit = "V", .minimum = 0, .help = "reverse breakdown voltage"},
      {.name = "ibv", .unit = "A", .default_value = 1e-3, .minimum = 0, .help = "current at bv", .aliases = {"ib"}},
      {.name = "nbv", .unit = "1", .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of the breakdown; n unless given", .aliases = {"nz"}},
      {.name = "tcv", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of bv", .aliases = {"tbv1"}},
      {.name = "eg", .unit = "eV", .default_value = 1.11, .minimum = 0, .help = "activation energy of is"},
      {.name = "xti", .unit = "1", .default_value = 3, .help = "temperature exponent of is"},
      {.name = "kf", .unit = "1", .default_value = 0, .minimum = 0, .help = "flicker noise coefficient"},
      {.name = "af", .unit = "1", .default_value = 1, .help = "flicker noise exponent"},
      {.name = "area", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "how many times as large as its model"},
      {.name = "pj", .unit = "1", .default_value = 0, .minimum = 0, .help = "perimeter, how many times that of jsw and cjsw"},
      {.name = "off", .unit = "1", .default_value = 0, .help = "not conducting where the operating point is searched first", .flag = true},
      {.name = "tnom", .unit = "C", .minimum = -273.15, .help = "temperature at which the parameters hold; .options tnom unless given", .aliases = {"tref"}},
      {.name = "temp", .unit = "C", .minimum = -273.15, .help = "temperature; the circuit's unless given"},
      {.name = "gmin", .unit = "S", .minimum = 0, .help = "conductance across the junction; .options gmin unless given"},
      {.name = "copies", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side", .on_element = "m"},
  };
}
// clang-format on

/// The voltage at which a breakdown begins that carries `current` at `voltage`.
double breakdown_start(double voltage, double current, double saturation, double nvt, double vt) {
  if (!(voltage < infinity)) return infinity;
  const double least = saturation * voltage / vt;
  if (current < least) return voltage;
  double start = voltage - nvt * std::log(1 + current / saturation);
  for (int i = 0; i < 25; ++i) start = voltage - nvt * std::log(current / saturation + 1 - start / vt);
  return start;
}

}  // namespace

Diode::Diode(std::span<const double> values) {
  const double kelvin = value_or(values[temperature], 27) + kelvin_at_zero_celsius;
  const double nominal_kelvin = value_or(values[nominal], 27) + kelvin_at_zero_celsius;
  const double vt = thermal_voltage(kelvin);
  const double m = values[copies];
  const double size = values[area] * m, edge = values[perimeter] * m;
  const double ratio = kelvin / nominal_kelvin;
  const double warmth = std::exp(
      ((ratio - 1) * values[gap] / vt + values[saturation_exponent] * std::log(ratio)) / values[emission]);
  nvt_ = values[emission] * vt;
  saturation_ = warmth * (values[saturation] * size + values[sidewall_saturation] * edge);
  critical_ = critical_voltage(warmth * values[saturation], nvt_);
  kelvin_ = kelvin;
  series_ = values[series] / size;
  transit_ = values[transit];
  knee_ = value_or(values[knee], infinity) * size;
  breakdown_nvt_ = value_or(values[breakdown_emission], values[emission]) * vt;
  breakdown_ = breakdown_start(
      value_or(values[breakdown], infinity) * (1 - values[breakdown_slope] * (kelvin - nominal_kelvin)),
      values[breakdown_current], saturation_ / m, breakdown_nvt_, vt);
  gmin_ = value_or(values[leak], 1e-12);
  const JunctionTemperature at(kelvin, nominal_kelvin);
  const auto depletion = [&](double c, double p, double grade) {
    const double potential_now = at.potential(p);
    return Depletion{c * at.capacitance_factor(p, grade), potential_now, grade,
                     values[forward_corner] * potential_now};
  };
  depletion_ = depletion(values[zero_bias_capacitance] * size, values[potential], values[grading]);
  sidewall_ =
      depletion(values[sidewall_capacitance] * edge, values[sidewall_potential], values[sidewall_grading]);
  // A charge of transit alone is measured by what it is at 1 mA/V.
  capacitance_ = depletion_.c0 + sidewall_.c0 + transit_ * 1e-3 * size;
  if (!(capacitance_ > 0)) capacitance_ = 1e-15;
  off_ = values[off] != 0;
  flicker_ = values[flicker];
  flicker_exponent_ = values[flicker_exponent];
}

void Diode::limit(const std::array<double, 2>& before, std::array<double, 2>& after) const {
  if (breakdown_ < infinity && after[0] < std::min(0.0, 10 * nvt_ - breakdown_))
    after[0] =
        -(limit_junction(-(after[0] + breakdown_), -(before[0] + breakdown_), breakdown_nvt_, critical_) +
          breakdown_);
  else
    after[0] = limit_junction(after[0], before[0], nvt_, critical_);
}

void Diode::noise(const Local<Diode, double>& x, double, double hertz, std::span<double> density) const {
  const double current = std::abs(conduction(x.unknown[0]));
  density[0] = thermal_noise(kelvin_, series_);
  density[1] = 2 * elementary_charge * current;
  density[2] = flicker_ * std::pow(current, flicker_exponent_) / hertz;
}

DeviceType Diode::describe() {
  DeviceType type;
  type.name = "diode";
  type.help = "junction diode";
  type.letter = 'd';
  type.model_type = "d";
  type.terminals = {"anode", "cathode"};
  type.branches = {{0, 1}};
  type.parameters = diode_parameters();
  type.card_parameters = {
      {.name = "dtemp", .unit = "K", .default_value = 0, .help = "added to the circuit's temperature"}};
  type.form.behind_model = {"area"};
  type.form.lenient = true;
  type.finish = [](std::span<double> values,
                   const OperatingConditions& at) -> std::optional<ParameterProblem> {
    values[temperature] = value_or(values[temperature], at.ambient + values[copies + 1]);
    values[nominal] = value_or(values[nominal], at.nominal);
    values[leak] = value_or(values[leak], at.gmin);
    return std::nullopt;
  };
  type.observables = {{"vd", Quantity::voltage},
                      {"id", Quantity::current},
                      {"gd", Quantity::notype},
                      {"cd", Quantity::notype}};
  return type;
}

}  // namespace memspice
