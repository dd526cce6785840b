#include "devices/diodes/diode.hpp"

#include <algorithm>

#include "devices/card_parameters.hpp"
#include "devices/diodes/diode_parameters.hpp"

namespace memspice {

namespace {

using P = DiodeParameter;

/// The parameters of a diode, by name.
struct DiodeValues {
  std::span<const double> values;
  double operator[](P which) const { return values[static_cast<std::size_t>(which)]; }
};

constexpr double least_saturation = 1e-28;  // A, as in ngspice

/// 1 + a ΔT + b ΔT²
double warmed(double a, double b, double difference) {
  return 1 + difference * (a + difference * b);
}

/// The voltage at which a breakdown begins that carries `current` at `voltage`: what SPICE's equation of the
/// breakdown makes of it.
double breakdown_start(double voltage, double current, double saturation, double nvt, double vt) {
  if (!(voltage < infinity)) return infinity;
  if (current < saturation * voltage / vt) return voltage;
  double start = voltage - nvt * std::log(1 + current / saturation);
  for (int i = 0; i < 25; ++i) start = voltage - nvt * std::log(current / saturation + 1 - start / vt);
  return start;
}

/// How saturation currents grow with temperature: a gap (eV), an exponent and the emission coefficient that
/// divides both.
struct Growth {
  double ratio;  // of the temperatures
  double vt;     // V
  [[nodiscard]] double of(double gap, double exponent, double emission) const {
    return std::exp(((ratio - 1) * gap / vt + exponent * std::log(ratio)) / emission);
  }
};

double breakdown_voltage(const DiodeValues& p, double difference) {
  const double given = value_or(p[P::bv], infinity);
  const double lost = p[P::tcv] * difference;
  return (p[P::tlev] == 0 ? given - lost : given * (1 - lost)) * warmed(p[P::tbv1], p[P::tbv2], difference);
}

DiodeConduction conduction_of(const DiodeValues& p, double kelvin, double nominal) {
  const double vt = thermal_voltage(kelvin), difference = kelvin - nominal;
  const double size = p[P::area] * p[P::copies], edge = p[P::pj] * p[P::copies];
  const Growth growth{kelvin / nominal, vt};
  const auto grown = [&](double current, double emission) {
    return current * growth.of(p[P::eg], p[P::xti], emission);
  };
  DiodeConduction c;
  c.nvt = p[P::n] * vt;
  c.saturation = grown(std::max(p[P::is], least_saturation), p[P::n]) * size;
  const double bottom = c.saturation;
  // With ns the sidewall has a law of its own; without, its current grows as if ns were 1.
  const double sidewall = grown(p[P::jsw], value_or(p[P::ns], 1)) * edge;
  if (std::isnan(p[P::ns])) {
    c.saturation += sidewall;
  } else {
    c.sidewall = sidewall;
    c.sidewall_nvt = p[P::ns] * vt;
  }
  c.recombination = grown(p[P::isr], p[P::nr]) * size;
  c.recombination_nvt = p[P::nr] * vt;
  c.tunnel =
      (p[P::jtun] * size + p[P::jtunsw] * edge) * growth.of(p[P::keg] * p[P::eg], p[P::xtitun], p[P::ntun]);
  c.tunnel_nvt = p[P::ntun] * vt;
  c.breakdown_nvt = value_or(p[P::nbv], p[P::n]) * vt;
  const double voltage = breakdown_voltage(p, difference);
  c.breakdown = breakdown_start(voltage, p[P::ibv] * p[P::copies], bottom, c.breakdown_nvt, vt);
  if (voltage < infinity) {
    c.low_breakdown = p[P::ibvl] * size;
    c.low_start = voltage;
    c.low_nvt = p[P::nbvl] * vt;
  }
  if (p[P::ikf] > 0) c.knee = p[P::ikf] * warmed(p[P::tikf], 0, difference) * size;
  if (p[P::ikr] > 0) c.reverse_knee = p[P::ikr] * size;
  return c;
}

}  // namespace

Diode::Diode(std::span<const double> values) {
  const DiodeValues p{values};
  kelvin_ = value_or(p[P::temp], 27) + kelvin_at_zero_celsius;
  const double nominal = value_or(p[P::tnom], 27) + kelvin_at_zero_celsius;
  const double difference = kelvin_ - nominal;
  copies_ = p[P::copies];
  const double size = p[P::area] * copies_, edge = p[P::pj] * copies_;
  conduction_ = conduction_of(p, kelvin_, nominal);
  critical_ = critical_voltage(conduction_.saturation, conduction_.nvt);
  series_ = p[P::rs] * warmed(p[P::trs1], p[P::trs2], difference) / size;
  transit_ = p[P::tt] * warmed(p[P::ttt1], p[P::ttt2], difference);
  gmin_ = value_or(p[P::gmin], 1e-12);
  oxide_ = p[P::coxide] * copies_;

  const JunctionTemperature at(kelvin_, nominal);
  const bool linear = p[P::tlevc] == 1;
  const auto depletion = [&](double c, P potential, double grading, P slope, P loss, P corner) {
    const double warm = linear ? p[potential] - p[loss] * difference : at.potential(p[potential]);
    const double factor = linear ? 1 + p[slope] * difference : at.capacitance_factor(p[potential], grading);
    return Depletion(c * factor, warm, grading, p[corner] * warm);
  };
  const double grading = p[P::mj] * warmed(p[P::tm1], p[P::tm2], difference);
  depletion_ = depletion(p[P::cjo] * size, P::vj, grading, P::cta, P::tpb, P::fc);
  sidewall_ = depletion(p[P::cjsw] * edge, P::vjsw, p[P::mjsw], P::ctp, P::tphp, P::fcs);
  conduction_.recombination_potential = depletion_.potential();
  conduction_.recombination_grading = grading;
  // A charge of transit alone is measured by what it is at 1 mA/V.
  capacitance_ = depletion_.at_zero() + sidewall_.at_zero() + oxide_ + transit_ * 1e-3 * size;
  if (!(capacitance_ > 0)) capacitance_ = 1e-15;
  off_ = p[P::off] != 0;
  initial_ = p[P::ic];
  flicker_ = p[P::kf];
  flicker_exponent_ = p[P::af];
}

void Diode::limit(const std::array<double, 2>& before, std::array<double, 2>& after) const {
  after[0] = limit_diode(after[0], before[0], conduction_.nvt, critical_, conduction_.breakdown,
                         conduction_.breakdown_nvt);
}

void Diode::start(const std::array<double, 1>& voltage, std::span<double> unknown) const {
  unknown[0] = value_or(initial_, voltage[0]);
  unknown[1] = (depletion(unknown[0]) + transit_ * current(unknown[0])) / capacitance_;
}

void Diode::noise(const Local<Diode, double>& x, double, double hertz, std::span<double> density) const {
  constexpr double elementary = 1.602176634e-19;  // C
  const double u = x.unknown[0], static_current = std::abs(current(u));
  density[0] = series_ > 0 ? thermal_noise(kelvin_, 1 / series_) : 0;
  density[1] = 2 * elementary * static_current;
  density[2] = flicker_ * std::pow(static_current / copies_, flicker_exponent_) * copies_ / hertz;
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
  type.card_parameters = diode_card_parameters();
  type.foreign_parameters = {{"fv_max bv_max id_max te_max pd_max iave vpk mfg type icrating",
                              "it says what the diode bears, not what it does"},
                             {"rth0 cth0 thermal", "memspice's diodes do not heat themselves"}};
  type.form.behind_model = {"area"};
  type.form.lenient = true;
  type.finish = [](std::span<double> values,
                   const OperatingConditions& at) -> std::optional<ParameterProblem> {
    const auto value = [&](P which) -> double& { return values[static_cast<std::size_t>(which)]; };
    value(P::temp) = value_or(value(P::temp), at.ambient + value(P::dtemp));
    value(P::tnom) = value_or(value(P::tnom), at.nominal);
    value(P::gmin) = value_or(value(P::gmin), at.gmin);
    return std::nullopt;
  };
  type.observables = {{"vd", Quantity::voltage}, {"id", Quantity::current},    {"c", Quantity::current},
                      {"gd", Quantity::notype},  {"cd", Quantity::notype},     {"charge", Quantity::notype},
                      {"qd", Quantity::notype},  {"capcur", Quantity::current}};
  return type;
}

DeviceType shaped_diode_type() {
  DeviceType type = device_type<Diode>();
  type.name = "diode of lengths";
  type.help = "junction diode whose area and perimeter are made of l and w";
  type.level = 3;
  type.finish = [common = std::move(type.finish)](
                    std::span<double> values,
                    const OperatingConditions& at) -> std::optional<ParameterProblem> {
    const auto value = [&](P which) -> double& { return values[static_cast<std::size_t>(which)]; };
    if (value(P::l) > 0 && value(P::w) > 0) {
      value(P::area) = value(P::l) * value(P::w);
      value(P::pj) = 2 * (value(P::l) + value(P::w));
    }
    constexpr double silicon_dioxide = 3.9 * 8.854214871e-12, angstrom = 1e-10;  // F/m, m
    const auto plates = [&](P length, P width, P more, P thickness) {
      return silicon_dioxide / (value(thickness) * angstrom) * (value(length) + value(more)) *
             (value(width) + value(more));
    };
    value(P::coxide) += plates(P::lm, P::wm, P::xm, P::xom) + plates(P::lp, P::wp, P::xp, P::xoi);
    value(P::ibv) *= value(P::area);  // that of area=1 here
    return common(values, at);
  };
  return type;
}

}  // namespace memspice
