#include "devices/fet/vdmos.hpp"

#include <cmath>
#include <numbers>

#include "devices/card_parameters.hpp"
#include "devices/channel_limits.hpp"
#include "devices/fet/vdmos_parameters.hpp"

namespace memspice {

namespace {

/// Temperatures of a transistor and what they make of its parameters.
struct VdmosTemperature {
  std::span<const double> values;
  double kelvin, nominal;

  explicit VdmosTemperature(std::span<const double> of)
      : values(of),
        kelvin(value_or(of[PowerMos::temp], 27) + kelvin_at_zero_celsius),
        nominal(value_or(of[PowerMos::tnom], 27) + kelvin_at_zero_celsius) {}

  [[nodiscard]] double power(std::size_t exponent) const {
    return std::pow(kelvin / nominal, values[exponent]);
  }
  /// Of two coefficients, side by side among the parameters.
  [[nodiscard]] double polynomial(std::size_t linear) const {
    const double d = kelvin - nominal;
    return 1 + d * (values[linear] + d * values[linear + 1]);
  }
};

/// The body diode of one transistor; the breakdown begins where it carries ibv at bv.
JunctionCurrent body_diode(std::span<const double> values, const VdmosTemperature& at) {
  JunctionCurrent diode;
  const double vt = thermal_voltage(at.kelvin);
  const double ratio = at.kelvin / at.nominal;
  diode.nvt = values[PowerMos::n] * vt;
  diode.saturation =
      values[PowerMos::is] * std::exp((ratio - 1) * values[PowerMos::eg] / diode.nvt +
                                      values[PowerMos::xti] / values[PowerMos::n] * std::log(ratio));
  diode.critical = critical_voltage(diode.saturation, diode.nvt);
  diode.breakdown_nvt = values[PowerMos::nbv] * vt;
  const double voltage = value_or(values[PowerMos::bv], infinity), current = values[PowerMos::ibv];
  diode.breakdown = voltage;
  if (voltage < infinity && current >= diode.saturation * voltage / vt) {
    const double over = current / diode.saturation;
    diode.breakdown = voltage - diode.breakdown_nvt * std::log(1 + over);
    for (int i = 0; i < 25; ++i)
      diode.breakdown = voltage - diode.breakdown_nvt * std::log(over + 1 - diode.breakdown / vt);
  }
  return diode;
}

double unit_of(double capacitance) {
  return capacitance > 0 ? capacitance : 1e-15;
}

}  // namespace

GateDrainCapacitance::GateDrainCapacitance(double least, double most, double a)
    : swing((most - least) / (1 + std::numbers::pi / 2)), middle(most - swing), steepness(a) {}

double GateDrainCapacitance::capacitance(double v) const {
  return swing * (v > 0 ? std::tanh(steepness * v) : std::atan(steepness * v)) + middle;
}

double GateDrainCapacitance::charge_at(double v) const {
  const double x = steepness * v;
  const double bent = v > 0 ? x + std::log1p(std::exp(-2 * x)) - std::numbers::ln2  // ln cosh x
                            : x * std::atan(x) - std::log(std::hypot(1.0, x));
  return swing * bent / steepness + middle * v;
}

Vdmos::Vdmos(std::span<const double> values) {
  const VdmosTemperature at(values);
  const double m = values[PowerMos::copies];
  polarity_ = values[PowerMos::pchan] > 0.5 ? -1 : 1;
  kelvin_ = at.kelvin;
  copies_ = m;
  channel_.threshold = polarity_ * values[PowerMos::vto] - values[PowerMos::tcvth] * (at.kelvin - at.nominal);
  channel_.transconductance = values[PowerMos::kp] * m * at.power(PowerMos::mu);
  channel_.modulation = values[PowerMos::lambda];
  channel_.degradation = values[PowerMos::theta];
  channel_.subthreshold = values[PowerMos::ksubthres] * at.polynomial(PowerMos::tksubthres1);
  channel_.shift = values[PowerMos::subshift];
  channel_.triode = values[PowerMos::mtriode];
  resistance_.drain =
      values[PowerMos::rd] / m *
      (std::isnan(values[PowerMos::texp0]) ? at.polynomial(PowerMos::trd1) : at.power(PowerMos::texp0));
  resistance_.source = values[PowerMos::rs] / m * at.polynomial(PowerMos::trs1);
  resistance_.gate = values[PowerMos::rg] / m * at.polynomial(PowerMos::trg1);
  resistance_.body = values[PowerMos::rb] / m * at.polynomial(PowerMos::trb1);
  const bool saturates = !std::isnan(values[PowerMos::rq]) && !std::isnan(values[PowerMos::vq]);
  resistance_.saturating = saturates ? values[PowerMos::rq] / m * at.power(PowerMos::texp1) : 0;
  resistance_.saturating_voltage = std::abs(value_or(values[PowerMos::vq], 0));
  resistance_.shunt = m / values[PowerMos::rds];
  diode_ = body_diode(values, at);
  diode_.saturation *= m;
  diode_.gmin = value_or(values[PowerMos::gmin], 1e-12);
  const JunctionTemperature silicon(at.kelvin, at.nominal);
  const double potential = silicon.potential(values[PowerMos::vj]), grading = values[PowerMos::grading];
  depletion_ = {values[PowerMos::cjo] * m * silicon.capacitance_factor(values[PowerMos::vj], grading),
                potential, grading, values[PowerMos::fc] * potential};
  transit_ = values[PowerMos::tt];
  gate_source_ = values[PowerMos::cgs] * m;
  gate_drain_ =
      GateDrainCapacitance(values[PowerMos::cgdmin] * m, values[PowerMos::cgdmax] * m, values[PowerMos::a]);
  // A charge of transit alone is measured by what it is at 1 A/V.
  unit_ = {unit_of(gate_source_), unit_of(gate_drain_.middle), unit_of(depletion_.at_zero() + transit_ * m)};
  flicker_ = {values[PowerMos::kf], values[PowerMos::af]};
  begin_.off = values[PowerMos::off] != 0;
  begin_.vds = values[PowerMos::icvds];
  begin_.vgs = values[PowerMos::icvgs];
}

void Vdmos::limit(const std::array<double, 6>& before, std::array<double, 6>& after) const {
  // Of the end that is the source: what is not shortened keeps every bit, or Newton's method would not end.
  const bool turned = before[ds] < 0;
  const double wanted = turned ? after[gs] - after[ds] : after[gs];
  const double gate = limit_gate(wanted, turned ? before[gs] - before[ds] : before[gs], channel_.threshold);
  const double shortened = gate - wanted;
  if (shortened != 0) (turned ? after[ds] : after[gs]) += turned ? -shortened : shortened;
  if (shortened != 0 && !turned) after[ds] += shortened;  // the voltage of gate and drain stays
  const double across = turned ? -limit_drain(-after[ds], -before[ds]) : limit_drain(after[ds], before[ds]);
  if (across != after[ds]) {
    if (turned) after[gs] += across - after[ds];
    after[ds] = across;
  }
  after[body] = diode_.limited(after[body], before[body]);
}

void Vdmos::guess(std::span<double> unknown) const {
  unknown[gs] = begin_.off ? 0 : channel_.threshold + 0.1;
  unknown[ds] = 0;
  unknown[body] = begin_.off ? 0 : diode_.critical;
}

void Vdmos::start(const std::array<double, 2>& voltage, std::span<double> unknown) const {
  unknown[ds] = polarity_ * value_or(begin_.vds, voltage[0]);
  unknown[gs] = polarity_ * value_or(begin_.vgs, voltage[1]);
  unknown[body] = -unknown[ds];
  const std::array<double, 3> q = charges(unknown[ds], unknown[gs], unknown[body]);
  for (std::size_t j = 0; j < q.size(); ++j) unknown[gate_source + j] = q[j] / unit_[j];
}

double Vdmos::slope(double vds, double vgs, bool by_gate) const {
  Dual<1> d(vds), g(vgs);
  (by_gate ? g : d).derivative[0] = 1;
  return channel_.current(d, g).derivative[0];
}

double Vdmos::small_signal(std::size_t which, double vds, double vgs, double v) const {
  const Dual<1> u = Dual<1>::variable(v, 0);
  switch (which) {
    case 0:
      return gate_source_;
    case 1:
      return gate_drain_.capacitance(vgs - vds);
    case 2:
      return (depletion_.charge(u) + transit_ * diode_.ideal(u)).derivative[0];
    case 3:
      return slope(vds, vgs, true);
    case 4:
      return slope(vds, vgs, false);
    default:
      return polarity_ * channel_.threshold;
  }
}

void Vdmos::noise(const Local<Vdmos, double>& x, double, double hertz, std::span<double> density) const {
  // As if the oxide were 100 nm thick, as in ngspice.
  constexpr double oxide = 3.9 * 8.854214871e-12 / 1e-7;  // F/m²
  const double vds = x.unknown[ds], vgs = x.unknown[gs];
  density[0] = thermal_noise(kelvin_, drain_resistance(polarity_ * x.voltage[0], vds));
  density[1] = thermal_noise(kelvin_, resistance_.source);
  density[2] = thermal_noise(kelvin_, 2.0 / 3 * std::abs(slope(vds, vgs, true)));
  density[3] = copies_ * flicker_[0] * std::pow(std::abs(channel_.current(vds, vgs)) / copies_, flicker_[1]) /
               (hertz * oxide * oxide);
}

void Vdmos::noise_path(std::size_t which, const Local<Vdmos, double>& x,
                       Equations<Vdmos, double>& path) const {
  if (which < 2) {
    path.unknown[ds] = 1;
    if (which == 1) path.unknown[gs] = 1;
    return;
  }
  path.current[0] = polarity_;
  path.unknown[gs] = -resistance_.source;
  path.unknown[ds] = -(resistance_.source + drain_resistance(polarity_ * x.voltage[0], x.unknown[ds]));
}

DeviceType Vdmos::describe() {
  DeviceType type;
  type.name = "power MOS transistor";
  type.help = "LTspice's and ngspice's VDMOS";
  type.letter = 'm';
  type.model_type = "vdmos";
  type.terminals = {"drain", "gate", "source"};
  type.branches = {{0, 2}, {1, 2}};
  type.parameters = vdmos_parameters();
  type.card_parameters = vdmos_card_parameters();
  type.foreign_parameters = {
      {"mfg vds ron qg", "it describes the part and is in no equation"},
      {"vgs_max vgd_max vds_max vgsr_max vgdr_max pd_max id_max idr_max te_max rth_ext derating",
       "memspice watches no limits of operation"},
      {"rthjc rthca cthj thermal", "the transistor does not heat itself: give temp="},
  };
  type.form.model_variants = {
      {"vdmos", PowerMos::pchan, 0}, {"vdmosn", PowerMos::pchan, 0}, {"vdmosp", PowerMos::pchan, 1}};
  type.form.lenient = true;
  type.finish = [](std::span<double> values,
                   const OperatingConditions& at) -> std::optional<ParameterProblem> {
    values[PowerMos::temp] = value_or(values[PowerMos::temp], at.ambient + values[PowerMos::dtemp]);
    values[PowerMos::tnom] = value_or(values[PowerMos::tnom], at.nominal);
    values[PowerMos::gmin] = value_or(values[PowerMos::gmin], at.gmin);
    return std::nullopt;
  };
  type.observables = {{"vgs", Quantity::voltage}, {"vds", Quantity::voltage}, {"id", Quantity::current},
                      {"ig", Quantity::current},  {"is", Quantity::current},  {"idio", Quantity::current},
                      {"p", Quantity::power},     {"cgs", Quantity::notype},  {"cgd", Quantity::notype},
                      {"cds", Quantity::notype},  {"gm", Quantity::notype},   {"gds", Quantity::notype},
                      {"von", Quantity::voltage}};
  return type;
}

}  // namespace memspice
