#include "devices/fet/mesfet.hpp"

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

struct Mesfet {
  // clang-format off
  enum : std::size_t {
    polarity, vto, beta, b, alpha, lambda, rd, rs, cgs, cgd, pb, is, kf, af, area, off, icvds, icvgs, temp, gmin, m
  };
  // clang-format on
};

// clang-format off
std::vector<ParameterDescription> mesfet_parameters() {
  return {
      {.name = "polarity", .unit = "1", .default_value = 1, .minimum = -1, .maximum = 1, .help = "1: n-channel, -1: p-channel; the type of the model sets it"},
      {.name = "vto", .unit = "V", .default_value = -2, .help = "threshold voltage, negative for both polarities", .aliases = {"vt0"}},
      {.name = "beta", .unit = "A/V^2", .default_value = 2.5e-3, .minimum = 0, .help = "transconductance parameter"},
      {.name = "b", .unit = "1/V", .default_value = 0.3, .minimum = 0, .help = "doping tail"},
      {.name = "alpha", .unit = "1/V", .default_value = 2, .minimum = 0, .minimum_allowed = false, .help = "saturation voltage: 3/alpha"},
      {.name = "lambda", .unit = "1/V", .default_value = 0, .minimum = 0, .help = "channel length modulation"},
      {.name = "rd", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the drain"},
      {.name = "rs", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the source"},
      {.name = "cgs", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of the gate at 0 V"},
      {.name = "cgd", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of gate and drain in saturation"},
      {.name = "pb", .unit = "V", .default_value = 1, .minimum = 0.5, .minimum_allowed = false, .help = "built-in potential of the gate"},
      {.name = "is", .unit = "A", .default_value = 1e-14, .minimum = 0, .help = "saturation current of each junction"},
      {.name = "kf", .unit = "1", .default_value = 0, .minimum = 0, .help = "flicker noise coefficient"},
      {.name = "af", .unit = "1", .default_value = 1, .help = "flicker noise exponent"},
      {.name = "area", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "how many times as large as its model"},
      {.name = "off", .unit = "1", .default_value = 0, .help = "at 0 V where the operating point is searched first", .flag = true},
      {.name = "icvds", .unit = "V", .help = "voltage between drain and source at the start of .tran … uic", .aliases = {"ic"}, .list = 2},
      {.name = "icvgs", .unit = "V", .help = "voltage between gate and source at the start of .tran … uic"},
      {.name = "temp", .unit = "C", .minimum = -273.15, .help = "temperature of the noise; the circuit's unless given"},
      {.name = "gmin", .unit = "S", .minimum = 0, .help = "conductance across the junctions; .options gmin unless given"},
      {.name = "m", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side"},
  };
}
// clang-format on

}  // namespace

StatzMesfet::StatzMesfet(std::span<const double> values)
    : flicker(values[Mesfet::kf]),
      flicker_exponent(values[Mesfet::af]),
      modulation_(values[Mesfet::lambda]),
      doping_(values[Mesfet::b]),
      saturation_(values[Mesfet::alpha]) {
  JunctionFetConstants& k = constants;
  const double size = values[Mesfet::area] * values[Mesfet::m];
  k.polarity = values[Mesfet::polarity] < 0 ? -1 : 1;
  k.kelvin = value_or(values[Mesfet::temp], 27) + kelvin_at_zero_celsius;
  k.copies = values[Mesfet::m];
  k.drain_resistance = values[Mesfet::rd] / size;
  k.source_resistance = values[Mesfet::rs] / size;
  k.threshold = values[Mesfet::vto];
  beta_ = values[Mesfet::beta] * size;
  gate = {.source = values[Mesfet::cgs] * size,
          .drain = values[Mesfet::cgd] * size,
          .threshold = values[Mesfet::vto],
          .potential = values[Mesfet::pb],
          .knee = 1 / (saturation_ * saturation_)};
  gate.used = gate.source + gate.drain > 0;
  const double vt = thermal_voltage(reference_kelvin);
  k.source_junction = {.saturation = values[Mesfet::is] * size,
                       .nvt = vt,
                       .gmin = value_or(values[Mesfet::gmin], 1e-12) * values[Mesfet::m],
                       .critical = critical_voltage(values[Mesfet::is], vt)};
  k.drain_junction = k.source_junction;
  k.off = values[Mesfet::off] != 0;
  k.initial_vds = values[Mesfet::icvds];
  k.initial_vgs = values[Mesfet::icvgs];
}

DeviceType StatzMesfet::describe() {
  DeviceType type;
  type.name = "MES field-effect transistor";
  type.help = "Statz' model";
  type.letter = 'z';
  type.model_type = "nmf";
  type.parameters = mesfet_parameters();
  type.foreign_parameters = {{"fc", "the capacitance of the gate has no corner"}};
  type.form.model_variants = {{"nmf", Mesfet::polarity, 1}, {"pmf", Mesfet::polarity, -1}};
  type.form.behind_model = {"area"};
  type.form.lenient = true;
  type.finish = [](std::span<double> values,
                   const OperatingConditions& at) -> std::optional<ParameterProblem> {
    values[Mesfet::temp] = value_or(values[Mesfet::temp], at.ambient);
    values[Mesfet::gmin] = value_or(values[Mesfet::gmin], at.gmin);
    return std::nullopt;
  };
  return type;
}

}  // namespace memspice
