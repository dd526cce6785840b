#include "devices/mos/mos_card.hpp"

#include <algorithm>
#include <cmath>

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

constexpr double silicon_intrinsic = 1.45e16;  // 1/m³

// clang-format off
std::vector<ParameterDescription> common_parameters(const MosRules& rules) {
  return {
      {.name = "polarity", .unit = "1", .default_value = 1, .minimum = -1, .maximum = 1, .help = "1: n-channel, -1: p-channel; the type of the model sets it"},
      {.name = "vto", .unit = "V", .help = "threshold voltage; from nsub, else 0, unless given", .aliases = {"vt0"}},
      {.name = "phi", .unit = "V", .minimum = 0, .minimum_allowed = false, .help = "surface potential; from nsub, else 0.6, unless given"},
      {.name = "gamma", .unit = "V^0.5", .minimum = 0, .help = "bulk threshold parameter; from nsub, else 0, unless given"},
      {.name = "nsub", .unit = "1/cm^3", .minimum = 0, .help = "substrate doping"},
      {.name = "nss", .unit = "1/cm^2", .default_value = 0, .help = "surface state density"},
      {.name = "tpg", .unit = "1", .default_value = 1, .minimum = -1, .maximum = 1, .help = "gate: 1 opposite to the substrate, -1 same, 0 aluminium"},
      {.name = "tox", .unit = "m", .default_value = rules.oxide, .minimum = 0, .help = "thickness of the oxide"},
      {.name = "uo", .unit = "cm^2/(V s)", .minimum = 0, .minimum_allowed = false, .help = "surface mobility; 600 unless given", .aliases = {"u0"}},
      {.name = "ld", .unit = "m", .default_value = 0, .help = "lateral diffusion"},
      {.name = "rd", .unit = "ohm", .minimum = 0, .help = "resistance of the drain; rsh nrd unless given"},
      {.name = "rs", .unit = "ohm", .minimum = 0, .help = "resistance of the source; rsh nrs unless given"},
      {.name = "rsh", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "sheet resistance of drain and source"},
      {.name = "cbd", .unit = "F", .minimum = 0, .help = "capacitance between bulk and drain at 0 V; cj ad unless given"},
      {.name = "cbs", .unit = "F", .minimum = 0, .help = "capacitance between bulk and source at 0 V; cj as unless given"},
      {.name = "is", .unit = "A", .default_value = 1e-14, .minimum = 0, .help = "saturation current of the bulk's junctions"},
      {.name = "js", .unit = "A/m^2", .default_value = 0, .minimum = 0, .help = "saturation current by area, in place of is where ad and as are given"},
      {.name = "pb", .unit = "V", .default_value = 0.8, .minimum = 0, .minimum_allowed = false, .help = "built-in potential of the bulk's junctions"},
      {.name = "cj", .unit = "F/m^2", .default_value = 0, .minimum = 0, .help = "capacitance of the bottom by area at 0 V"},
      {.name = "mj", .unit = "1", .default_value = 0.5, .minimum = 0, .help = "grading coefficient of the bottom"},
      {.name = "cjsw", .unit = "F/m", .default_value = 0, .minimum = 0, .help = "capacitance of the sidewall by perimeter at 0 V"},
      {.name = "mjsw", .unit = "1", .default_value = rules.side_grading, .minimum = 0, .help = "grading coefficient of the sidewall"},
      {.name = "fc", .unit = "1", .default_value = 0.5, .minimum = 0, .maximum = 0.95, .help = "part of pb up to which the formula of the depletion holds"},
      {.name = "cgso", .unit = "F/m", .default_value = 0, .minimum = 0, .help = "overlap of gate and source, by width"},
      {.name = "cgdo", .unit = "F/m", .default_value = 0, .minimum = 0, .help = "overlap of gate and drain, by width"},
      {.name = "cgbo", .unit = "F/m", .default_value = 0, .minimum = 0, .help = "overlap of gate and bulk, by length"},
      {.name = "kf", .unit = "1", .default_value = 0, .minimum = 0, .help = "flicker noise coefficient"},
      {.name = "af", .unit = "1", .default_value = 1, .help = "flicker noise exponent"},
      {.name = "capop", .unit = "1", .default_value = 0, .minimum = 0, .help = "gate: 0 Meyer's capacitances, as ngspice; 4 charges that are conserved"},
      {.name = "l", .unit = "m", .default_value = 1e-4, .minimum = 0, .minimum_allowed = false, .help = "length; .options defl in its place"},
      {.name = "w", .unit = "m", .default_value = 1e-4, .minimum = 0, .minimum_allowed = false, .help = "width; .options defw in its place"},
      {.name = "ad", .unit = "m^2", .default_value = 0, .minimum = 0, .help = "area of the drain; .options defad in its place"},
      {.name = "as", .unit = "m^2", .default_value = 0, .minimum = 0, .help = "area of the source; .options defas in its place"},
      {.name = "pd", .unit = "m", .default_value = 0, .minimum = 0, .help = "perimeter of the drain"},
      {.name = "perimeter_s", .unit = "m", .default_value = 0, .minimum = 0, .help = "perimeter of the source", .on_element = "ps"},
      {.name = "nrd", .unit = "1", .default_value = rules.squares, .minimum = 0, .help = "squares of the drain, of rsh each"},
      {.name = "nrs", .unit = "1", .default_value = rules.squares, .minimum = 0, .help = "squares of the source, of rsh each"},
      {.name = "m", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side"},
      {.name = "off", .unit = "1", .default_value = 0, .help = "not conducting where the operating point is searched first", .flag = true},
      {.name = "icvds", .unit = "V", .help = "voltage between drain and source at the start of .tran … uic", .aliases = {"ic"}, .list = 3},
      {.name = "icvgs", .unit = "V", .help = "voltage between gate and source there"},
      {.name = "icvbs", .unit = "V", .help = "voltage between bulk and source there"},
      {.name = "tnom", .unit = "C", .minimum = -273.15, .help = "temperature at which the parameters hold; .options tnom unless given", .aliases = {"tref"}},
      {.name = "temp", .unit = "C", .minimum = -273.15, .help = "temperature; the circuit's unless given"},
      {.name = "gmin", .unit = "S", .minimum = 0, .help = "conductance across the junctions; .options gmin unless given"},
  };
}
// clang-format on

std::optional<ParameterProblem> finish_mos(std::span<double> values, const OperatingConditions& at) {
  const double warmer = values.back();  // dtemp, the only one that cards alone know
  values[mos_temperature] = value_or(values[mos_temperature], at.ambient + warmer);
  values[mos_nominal] = value_or(values[mos_nominal], at.nominal);
  values[mos_leak] = value_or(values[mos_leak], at.gmin);
  return std::nullopt;
}

std::optional<ParameterProblem> check_mos(std::span<const double> values) {
  if (values[mos_doping] <= silicon_intrinsic * 1e-6)
    return ParameterProblem{mos_doping, "nsub must be above the intrinsic density, 1.45e10", {}};
  if (values[mos_length] - 2 * values[mos_lateral_diffusion] <= 0)
    return ParameterProblem{mos_length, "l must be greater than twice ld", {}};
  return std::nullopt;
}

}  // namespace

MosCard::MosCard(std::span<const double> values, const MosRules& rules) : values_(values) {
  const double kelvin = value(mos_temperature, 27) + kelvin_at_zero_celsius;
  const double nominal_kelvin = value(mos_nominal, 27) + kelvin_at_zero_celsius;
  const double nominal_gap = JunctionTemperature::silicon_gap(nominal_kelvin);
  polarity = values[mos_polarity] < 0 ? -1 : 1;
  vt = thermal_voltage(kelvin);
  mobility_loss_ = std::pow(kelvin / nominal_kelvin, 1.5);
  length = values[mos_length] - 2 * values[mos_lateral_diffusion];
  const double thickness = values[mos_oxide] > 0 ? values[mos_oxide] : rules.oxide;
  if (thickness > 0) oxide = oxide_permittivity / thickness;
  derive(rules, nominal_kelvin, nominal_gap);
  const JunctionTemperature at(kelvin, nominal_kelvin);
  phi = at.potential(phi_nominal_);
  bulk_potential = at.potential(values[mos_junction_potential]);
  flat = polarity * threshold_nominal_ - gamma * std::sqrt(phi_nominal_) +
         polarity * 0.5 * (nominal_gap - JunctionTemperature::silicon_gap(kelvin)) +
         0.5 * (phi - phi_nominal_);
  threshold = flat + gamma * std::sqrt(std::max(phi, 0.0));
}

double MosCard::value(MosParameter place, double otherwise) const {
  return value_or(values_[place], otherwise);
}

/// What follows from the doping where it is not given.
void MosCard::derive(const MosRules& rules, double nominal_kelvin, double nominal_gap) {
  phi_nominal_ = value(mos_phi, 0.6);
  gamma = value(mos_gamma, 0);
  threshold_nominal_ = value(mos_threshold, 0);
  if (!(values_[mos_doping] > 0) || !(oxide > 0)) return;
  doping = values_[mos_doping] * 1e6;
  double intrinsic = silicon_intrinsic;
  if (rules.intrinsic_at_tnom)
    intrinsic *= std::pow(nominal_kelvin / 300, 1.5) *
                 std::exp(0.5 * nominal_gap * (1 / 300.0 - 1 / nominal_kelvin) / boltzmann_over_charge);
  if (std::isnan(values_[mos_phi]))
    phi_nominal_ = std::max(0.1, 2 * thermal_voltage(nominal_kelvin) * std::log(doping / intrinsic));
  const double substrate = 3.25 + 0.5 * nominal_gap + polarity * 0.5 * phi_nominal_;
  const double type = values_[mos_gate_type];
  const double gate = type == 0 ? 3.2 : 3.25 + 0.5 * nominal_gap * (1 - polarity * type);
  if (std::isnan(values_[mos_gamma]))
    gamma = std::sqrt(2 * silicon_permittivity * electron_charge * doping) / oxide;
  if (std::isnan(values_[mos_threshold]))
    threshold_nominal_ = gate - substrate - values_[mos_surface_states] * 1e4 * electron_charge / oxide +
                         polarity * (gamma * std::sqrt(phi_nominal_) + phi_nominal_);
}

double MosCard::transconductance(double given, double otherwise) const {
  if (std::isnan(given)) given = oxide > 0 ? mobility() * oxide : otherwise;
  return given / mobility_loss_;
}

double MosCard::depletion_width() const {
  return doping > 0 ? std::sqrt(2 * silicon_permittivity / (electron_charge * doping)) : 0;
}

MosSurroundings::MosSurroundings(std::span<const double> values, const MosCard& card, const MosRules& rules,
                                 double width) {
  const double kelvin = value_or(values[mos_temperature], 27) + kelvin_at_zero_celsius;
  const double nominal = value_or(values[mos_nominal], 27) + kelvin_at_zero_celsius;
  const double m = card.copies();
  const double warmth = std::exp(JunctionTemperature::silicon_gap(nominal) / thermal_voltage(nominal) -
                                 JunctionTemperature::silicon_gap(kelvin) / card.vt);
  const double drain_area = values[mos_drain_area], source_area = values[mos_source_area];
  const bool by_area = values[mos_saturation_density] > 0 && drain_area > 0 && source_area > 0;
  const JunctionTemperature at(kelvin, nominal);
  const auto depletion = [&](double capacitance, double grading) {
    const double potential = at.potential(values[mos_junction_potential]);
    return Depletion{capacitance * at.capacitance_factor(values[mos_junction_potential], grading), potential,
                     grading, values[mos_forward_corner] * potential};
  };
  const auto junction = [&](double given, double area, double perimeter) {
    Junction made;
    made.saturation = m * warmth * (by_area ? values[mos_saturation_density] * area : values[mos_saturation]);
    made.critical = critical_voltage(made.saturation, card.vt);
    made.bottom =
        depletion(m * value_or(given, values[mos_bottom_capacitance] * area), values[mos_bottom_grading]);
    made.side = depletion(m * values[mos_side_capacitance] * perimeter, values[mos_side_grading]);
    if (const double unit = made.bottom.at_zero() + made.side.at_zero(); unit > 0) made.unit = unit;
    return made;
  };
  drain = junction(values[mos_drain_capacitance], drain_area, values[mos_drain_perimeter]);
  source = junction(values[mos_source_capacitance], source_area, values[mos_source_perimeter]);
  const double sheet = values[mos_sheet_resistance];
  drain_resistance = value_or(values[mos_drain_resistance], sheet * values[mos_drain_squares]) / m;
  source_resistance = value_or(values[mos_source_resistance], sheet * values[mos_source_squares]) / m;
  drain_overlap = values[mos_drain_overlap] * m * width;
  source_overlap = values[mos_source_overlap] * m * width;
  bulk_overlap = values[mos_bulk_overlap] * m * card.length;
  gmin = value_or(values[mos_leak], 1e-12) * (rules.leak_by_copy ? m : 1);
}

DeviceType describe_mos(const MosRules& rules) {
  DeviceType type;
  type.name = "MOS transistor";
  type.letter = 'm';
  type.model_type = "nmos";
  type.level = rules.level;
  type.terminals = {"drain", "gate", "source", "bulk"};
  type.branches = {{0, 2}, {1, 2}, {3, 2}};
  type.parameters = common_parameters(rules);
  // clang-format off
  type.card_parameters = {
      {.name = "lmin", .unit = "m", .default_value = 0, .minimum = 0, .help = "of a model in bins (name.1, name.2 …): for elements from this length on"},
      {.name = "lmax", .unit = "m", .default_value = infinity, .minimum = 0, .help = "and below this one"},
      {.name = "wmin", .unit = "m", .default_value = 0, .minimum = 0, .help = "for elements from this width on"},
      {.name = "wmax", .unit = "m", .default_value = infinity, .minimum = 0, .help = "and below this one"},
      {.name = "dtemp", .unit = "K", .default_value = 0, .help = "added to the circuit's temperature"},
  };
  // clang-format on
  type.form.model_variants = {{"nmos", mos_polarity, 1}, {"pmos", mos_polarity, -1}};
  type.form.lenient = true;
  type.finish = finish_mos;
  type.check = check_mos;
  constexpr auto volt = Quantity::voltage;
  constexpr auto ampere = Quantity::current;
  constexpr auto other = Quantity::notype;
  type.observables = {{"id", ampere},  {"ig", ampere}, {"is", ampere},  {"ib", ampere}, {"ibd", ampere},
                      {"ibs", ampere}, {"vgs", volt},  {"vds", volt},   {"vbs", volt},  {"vbd", volt},
                      {"von", volt},   {"vth", volt},  {"vdsat", volt}, {"gm", other},  {"gds", other},
                      {"gmbs", other}, {"gmb", other}, {"gbd", other},  {"gbs", other}, {"cgs", other},
                      {"cgd", other},  {"cgb", other}, {"cbd", other},  {"cbs", other}};
  return type;
}

}  // namespace memspice
