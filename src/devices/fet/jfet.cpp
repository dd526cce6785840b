#include "devices/fet/jfet.hpp"

#include <cmath>

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

struct Jfet {
  // clang-format off
  enum : std::size_t {
    polarity, vto, beta, lambda, b, rd, rs, cgs, cgd, pb, fc, is, eg, xti, tcv, vtotc, bex, betatce, kf, af, nlev, gdsnoi,
    area, off, icvds, icvgs, tnom, temp, gmin, m, dtemp
  };
  // clang-format on
};

// clang-format off
std::vector<ParameterDescription> jfet_parameters() {
  return {
      {.name = "polarity", .unit = "1", .default_value = 1, .minimum = -1, .maximum = 1, .help = "1: n-channel, -1: p-channel; the type of the model sets it"},
      {.name = "vto", .unit = "V", .default_value = -2, .help = "threshold voltage, negative for both polarities", .aliases = {"vt0"}},
      {.name = "beta", .unit = "A/V^2", .default_value = 1e-4, .minimum = 0, .help = "transconductance parameter"},
      {.name = "lambda", .unit = "1/V", .default_value = 0, .minimum = 0, .help = "channel length modulation"},
      {.name = "b", .unit = "1", .default_value = 1, .help = "doping tail; 1: square law"},
      {.name = "rd", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the drain"},
      {.name = "rs", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the source"},
      {.name = "cgs", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of the junction of gate and source at 0 V"},
      {.name = "cgd", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of the junction of gate and drain at 0 V"},
      {.name = "pb", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "built-in potential of the gate"},
      {.name = "fc", .unit = "1", .default_value = 0.5, .minimum = 0, .maximum = 0.95, .help = "part of pb up to which the formula of the depletion holds"},
      {.name = "is", .unit = "A", .default_value = 1e-14, .minimum = 0, .help = "saturation current of each junction"},
      {.name = "eg", .unit = "eV", .default_value = 1.11, .minimum = 0, .help = "activation energy of is"},
      {.name = "xti", .unit = "1", .help = "temperature exponent of is; none unless given"},
      {.name = "tcv", .unit = "V/K", .default_value = 0, .help = "how much vto falls with temperature"},
      {.name = "vtotc", .unit = "V/K", .help = "how much vto rises with temperature; in place of tcv"},
      {.name = "bex", .unit = "1", .default_value = 0, .help = "temperature exponent of beta"},
      {.name = "betatce", .unit = "%/K", .help = "exponential temperature coefficient of beta; in place of bex"},
      {.name = "kf", .unit = "1", .default_value = 0, .minimum = 0, .help = "flicker noise coefficient"},
      {.name = "af", .unit = "1", .default_value = 1, .help = "flicker noise exponent"},
      {.name = "nlev", .unit = "1", .default_value = 2, .help = "3: channel noise as in the triode region too"},
      {.name = "gdsnoi", .unit = "1", .default_value = 1, .minimum = 0, .help = "factor of the channel noise of nlev=3"},
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

}  // namespace

ShichmanHodges::ShichmanHodges(std::span<const double> values)
    : flicker(values[Jfet::kf]),
      flicker_exponent(values[Jfet::af]),
      modulation_(values[Jfet::lambda]),
      doping_(values[Jfet::b]),
      tail_((1 - values[Jfet::b]) / (values[Jfet::pb] - values[Jfet::vto])),
      noise_level_(values[Jfet::nlev]),
      noise_coefficient_(values[Jfet::gdsnoi]) {
  JunctionFetConstants& k = constants;
  k.kelvin = value_or(values[Jfet::temp], 27) + kelvin_at_zero_celsius;
  const double nominal = value_or(values[Jfet::tnom], 27) + kelvin_at_zero_celsius;
  const double warmer = k.kelvin - nominal, ratio = k.kelvin / nominal;
  const double size = values[Jfet::area] * values[Jfet::m];
  k.polarity = values[Jfet::polarity] < 0 ? -1 : 1;
  k.copies = values[Jfet::m];
  k.drain_resistance = values[Jfet::rd] / size;
  k.source_resistance = values[Jfet::rs] / size;
  k.threshold = values[Jfet::vto] + (std::isnan(values[Jfet::vtotc]) ? -values[Jfet::tcv] * warmer
                                                                     : values[Jfet::vtotc] * warmer);
  beta_ = values[Jfet::beta] * size *
          (std::isnan(values[Jfet::betatce]) ? std::pow(ratio, values[Jfet::bex])
                                             : std::pow(1.01, values[Jfet::betatce] * warmer));
  const double vt = thermal_voltage(k.kelvin);
  const double saturation = values[Jfet::is] * std::exp((ratio - 1) * values[Jfet::eg] / vt +
                                                        value_or(values[Jfet::xti], 0) * std::log(ratio));
  k.source_junction = {.saturation = saturation * size,
                       .nvt = vt,
                       .gmin = value_or(values[Jfet::gmin], 1e-12) * values[Jfet::m],
                       .critical = critical_voltage(saturation, vt)};
  k.drain_junction = k.source_junction;
  const JunctionTemperature at(k.kelvin, nominal);
  const double potential = at.potential(values[Jfet::pb]);
  const auto depletion = [&](double c) {
    return Depletion{c * size * at.capacitance_factor(values[Jfet::pb], 0.5), potential, 0.5,
                     values[Jfet::fc] * potential};
  };
  source_depletion_ = depletion(values[Jfet::cgs]);
  drain_depletion_ = depletion(values[Jfet::cgd]);
  constexpr double none = 1e-15;
  k.source_unit = source_depletion_.at_zero() > 0 ? source_depletion_.at_zero() : none;
  k.drain_unit = drain_depletion_.at_zero() > 0 ? drain_depletion_.at_zero() : none;
  k.off = values[Jfet::off] != 0;
  k.initial_vds = values[Jfet::icvds];
  k.initial_vgs = values[Jfet::icvgs];
}

double ShichmanHodges::noise_conductance(double vgs, double vgd, double gm) const {
  if (noise_level_ < 3) return 2.0 / 3 * gm;
  const double over = std::max(vgs, vgd) - constants.threshold;
  if (!(over > 0)) return 0;
  const double alpha = std::max(0.0, 1 - std::abs(vgs - vgd) / over);
  return 2.0 / 3 * beta_ * over * (1 + alpha + alpha * alpha) / (1 + alpha) * noise_coefficient_;
}

DeviceType ShichmanHodges::describe() {
  DeviceType type;
  type.name = "junction field-effect transistor";
  type.help = "Shichman and Hodges' model";
  type.letter = 'j';
  type.model_type = "njf";
  type.parameters = jfet_parameters();
  type.card_parameters = {
      {.name = "dtemp", .unit = "K", .default_value = 0, .help = "added to the circuit's temperature"}};
  type.form.model_variants = {{"njf", Jfet::polarity, 1}, {"pjf", Jfet::polarity, -1}};
  type.form.behind_model = {"area"};
  type.form.lenient = true;
  type.finish = [](std::span<double> values,
                   const OperatingConditions& at) -> std::optional<ParameterProblem> {
    values[Jfet::temp] = value_or(values[Jfet::temp], at.ambient + values[Jfet::dtemp]);
    values[Jfet::tnom] = value_or(values[Jfet::tnom], at.nominal);
    values[Jfet::gmin] = value_or(values[Jfet::gmin], at.gmin);
    return std::nullopt;
  };
  return type;
}

}  // namespace memspice
