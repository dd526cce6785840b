#include "devices/fet/jfet_card.hpp"

#include <iterator>

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

// clang-format off
std::vector<ParameterDescription> common_parameters() {
  return {
      {.name = "polarity", .unit = "1", .default_value = 1, .minimum = -1, .maximum = 1, .help = "1: n-channel, -1: p-channel; the type of the model sets it"},
      {.name = "vto", .unit = "V", .default_value = -2, .help = "threshold voltage, negative for both polarities", .aliases = {"vt0"}},
      {.name = "lambda", .unit = "1/V", .default_value = 0, .minimum = 0, .help = "channel length modulation"},
      {.name = "rd", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the drain"},
      {.name = "rs", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the source"},
      {.name = "cgs", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of gate and source at 0 V"},
      {.name = "cgd", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of gate and drain at 0 V; of level 2 in saturation"},
      {.name = "pb", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "built-in potential of the gate"},
      {.name = "fc", .unit = "1", .default_value = 0.5, .minimum = 0, .maximum = 0.95, .help = "part of pb up to which the formula of the depletion holds"},
      {.name = "is", .unit = "A", .default_value = 1e-14, .minimum = 0, .help = "saturation current of each junction"},
      {.name = "kf", .unit = "1", .default_value = 0, .minimum = 0, .help = "flicker noise coefficient"},
      {.name = "af", .unit = "1", .default_value = 1, .help = "flicker noise exponent"},
      {.name = "area", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "how many times as large as its model"},
      {.name = "off", .unit = "1", .default_value = 0, .help = "at 0 V where the operating point is searched first", .flag = true},
      {.name = "icvds", .unit = "V", .help = "voltage between drain and source at the start of .tran … uic", .aliases = {"ic"}, .list = 2},
      {.name = "icvgs", .unit = "V", .help = "voltage between gate and source at the start of .tran … uic"},
      {.name = "tnom", .unit = "C", .minimum = -273.15, .help = "temperature at which the parameters hold; .options tnom unless given", .aliases = {"tref"}},
      {.name = "temp", .unit = "C", .minimum = -273.15, .help = "temperature; the circuit's unless given"},
      {.name = "gmin", .unit = "S", .minimum = 0, .help = "conductance across the junctions; .options gmin unless given"},
      {.name = "m", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side"},
  };
}
// clang-format on

double nominal_kelvin(std::span<const double> values) {
  return value_or(values[jfet_nominal], 27) + kelvin_at_zero_celsius;
}

}  // namespace

JfetCard::JfetCard(std::span<const double> values)
    : kelvin(value_or(values[jfet_temperature], 27) + kelvin_at_zero_celsius),
      ratio(kelvin / nominal_kelvin(values)),
      size(values[jfet_area] * values[jfet_copies]),
      values_(values),
      temperature_(kelvin, nominal_kelvin(values)) {
  potential = temperature_.potential(values[jfet_potential]);
}

JunctionFetConstants JfetCard::constants() const {
  JunctionFetConstants k;
  k.polarity = values_[jfet_polarity] < 0 ? -1 : 1;
  k.kelvin = kelvin;
  k.copies = values_[jfet_copies];
  k.drain_resistance = values_[jfet_drain_resistance] / size;
  k.source_resistance = values_[jfet_source_resistance] / size;
  k.threshold = values_[jfet_threshold];
  k.off = values_[jfet_off] != 0;
  k.initial_vds = values_[jfet_initial_vds];
  k.initial_vgs = values_[jfet_initial_vgs];
  return k;
}

JunctionCurrent JfetCard::junction(double saturation, double nvt) const {
  return {.saturation = saturation * size,
          .nvt = nvt,
          .gmin = value_or(values_[jfet_leak], 1e-12) * values_[jfet_copies],
          .critical = critical_voltage(saturation, nvt)};
}

double JfetCard::capacitance(JfetParameter place) const {
  return values_[place] * size * temperature_.capacitance_factor(values_[jfet_potential], 0.5);
}

DeviceType describe_jfet(int level, std::vector<ParameterDescription> own) {
  DeviceType type;
  type.name = "junction field-effect transistor";
  type.letter = 'j';
  type.model_type = "njf";
  type.level = level;
  type.parameters = common_parameters();
  std::ranges::move(own, std::back_inserter(type.parameters));
  type.card_parameters = {
      {.name = "dtemp", .unit = "K", .default_value = 0, .help = "added to the circuit's temperature"}};
  type.form.model_variants = {{"njf", jfet_polarity, 1}, {"pjf", jfet_polarity, -1}};
  type.form.behind_model = {"area"};
  type.form.lenient = true;
  type.finish = [](std::span<double> values,
                   const OperatingConditions& at) -> std::optional<ParameterProblem> {
    const double warmer = values.back();  // dtemp
    values[jfet_temperature] = value_or(values[jfet_temperature], at.ambient + warmer);
    values[jfet_nominal] = value_or(values[jfet_nominal], at.nominal);
    values[jfet_leak] = value_or(values[jfet_leak], at.gmin);
    return std::nullopt;
  };
  return type;
}

}  // namespace memspice
