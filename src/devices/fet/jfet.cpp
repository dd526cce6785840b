#include "devices/fet/jfet.hpp"

#include <cmath>

#include "devices/card_parameters.hpp"
#include "devices/fet/jfet_card.hpp"

namespace memspice {

namespace {

struct Jfet {
  enum : std::size_t { beta = jfet_own, b, eg, xti, tcv, vtotc, bex, betatce, nlev, gdsnoi };
};

// clang-format off
std::vector<ParameterDescription> own_parameters() {
  return {
      {.name = "beta", .unit = "A/V^2", .default_value = 1e-4, .minimum = 0, .help = "transconductance parameter"},
      {.name = "b", .unit = "1", .default_value = 1, .help = "doping tail; 1: square law"},
      {.name = "eg", .unit = "eV", .default_value = 1.11, .minimum = 0, .help = "activation energy of is"},
      {.name = "xti", .unit = "1", .help = "temperature exponent of is; none unless given"},
      {.name = "tcv", .unit = "V/K", .default_value = 0, .help = "how much vto falls with temperature"},
      {.name = "vtotc", .unit = "V/K", .help = "how much vto rises with temperature; in place of tcv"},
      {.name = "bex", .unit = "1", .default_value = 0, .help = "temperature exponent of beta"},
      {.name = "betatce", .unit = "%/K", .help = "exponential temperature coefficient of beta; in place of bex"},
      {.name = "nlev", .unit = "1", .default_value = 2, .help = "3: channel noise as in the triode region too"},
      {.name = "gdsnoi", .unit = "1", .default_value = 1, .minimum = 0, .help = "factor of the channel noise of nlev=3"},
  };
}
// clang-format on

}  // namespace

ShichmanHodges::ShichmanHodges(std::span<const double> values)
    : flicker(values[jfet_flicker]),
      flicker_exponent(values[jfet_flicker_exponent]),
      modulation_(values[jfet_modulation]),
      doping_(values[Jfet::b]),
      tail_((1 - values[Jfet::b]) / (values[jfet_potential] - values[jfet_threshold])),
      noise_level_(values[Jfet::nlev]),
      noise_coefficient_(values[Jfet::gdsnoi]) {
  const JfetCard card(values);
  const double warmer = card.kelvin - card.kelvin / card.ratio;
  constants = card.constants();
  constants.threshold +=
      std::isnan(values[Jfet::vtotc]) ? -values[Jfet::tcv] * warmer : values[Jfet::vtotc] * warmer;
  beta_ = values[Jfet::beta] * card.size *
          (std::isnan(values[Jfet::betatce]) ? std::pow(card.ratio, values[Jfet::bex])
                                             : std::pow(1.01, values[Jfet::betatce] * warmer));
  const double vt = thermal_voltage(card.kelvin);
  const double warmth = std::exp((card.ratio - 1) * values[Jfet::eg] / vt +
                                 value_or(values[Jfet::xti], 0) * std::log(card.ratio));
  constants.source_junction = constants.drain_junction = card.junction(values[jfet_saturation] * warmth, vt);
  const auto depletion = [&](JfetParameter place) {
    return Depletion{card.capacitance(place), card.potential, 0.5, values[jfet_corner] * card.potential};
  };
  const auto unit_of = [](const Depletion& of) { return of.at_zero() > 0 ? of.at_zero() : 1e-15; };
  gate.source = depletion(jfet_source_capacitance);
  gate.drain = depletion(jfet_drain_capacitance);
  gate.source_unit = unit_of(gate.source);
  gate.drain_unit = unit_of(gate.drain);
}

double ShichmanHodges::noise_conductance(double vgs, double vgd, double gm) const {
  if (noise_level_ < 3) return 2.0 / 3 * gm;
  const double over = std::max(vgs, vgd) - constants.threshold;
  if (!(over > 0)) return 0;
  const double alpha = std::max(0.0, 1 - std::abs(vgs - vgd) / over);
  return 2.0 / 3 * beta_ * over * (1 + alpha + alpha * alpha) / (1 + alpha) * noise_coefficient_;
}

DeviceType ShichmanHodges::describe() {
  DeviceType type = describe_jfet(1, own_parameters());
  type.help = "Shichman and Hodges' model";
  return type;
}

}  // namespace memspice
