#include "devices/bipolar/bipolar_transistor.hpp"

#include <algorithm>
#include <memory>
#include <type_traits>

#include "devices/bipolar/bipolar_parameters.hpp"
#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

constexpr std::size_t place(Bipolar which) {
  return static_cast<std::size_t>(which);
}

constexpr std::array bipolar_observables{ObservableDescription{"ic", Quantity::current},
                                         ObservableDescription{"ib", Quantity::current},
                                         ObservableDescription{"ie", Quantity::current},
                                         ObservableDescription{"is", Quantity::current},
                                         ObservableDescription{"vbe", Quantity::voltage},
                                         ObservableDescription{"vbc", Quantity::voltage},
                                         ObservableDescription{"gm"},
                                         ObservableDescription{"gpi"},
                                         ObservableDescription{"gmu"},
                                         ObservableDescription{"go"},
                                         ObservableDescription{"gx"},
                                         ObservableDescription{"cpi"},
                                         ObservableDescription{"cmu"},
                                         ObservableDescription{"cbx"},
                                         ObservableDescription{"csub"},
                                         ObservableDescription{"qbe"},
                                         ObservableDescription{"qbc"},
                                         ObservableDescription{"qbx"},
                                         ObservableDescription{"qsub"},
                                         ObservableDescription{"p"},
                                         ObservableDescription{"td", Quantity::time}};

}  // namespace

template <bool extended>
BipolarTransistor<extended>::BipolarTransistor(std::span<const double> values)
    : k_(values),
      off_(values[place(Bipolar::off)] != 0),
      initial_vbe_(values[place(Bipolar::icvbe)]),
      initial_vce_(values[place(Bipolar::icvce)]) {
  // Charges that are no depletion's are measured by what they are at 1 mA/V, or at 1 V.
  const double slope = 1e-3 * k_.copies;
  unit_ = {k_.base_emitter.at_zero() + k_.transit_forward * slope,
           k_.base_collector.at_zero() + k_.transit_reverse * slope + k_.epitaxial_charge,
           k_.outer_base_collector.at_zero(), k_.collector_substrate.at_zero(), k_.epitaxial_charge};
  for (double& unit : unit_)
    if (!(unit > 0)) unit = 1e-15;
}

template <bool extended>
void BipolarTransistor<extended>::limit(const std::array<double, unknown_count>& before,
                                        std::array<double, unknown_count>& after) const {
  after[U::ube] = limit_junction(after[U::ube], before[U::ube], k_.vt, k_.critical);
  after[U::ubc] = limit_junction(after[U::ubc], before[U::ubc], k_.vt, k_.critical);
  after[U::usub] = limit_junction(after[U::usub], before[U::usub], k_.vt, k_.substrate_critical);
  if constexpr (extended)
    after[U::outer_ubc] = limit_junction(after[U::outer_ubc], before[U::outer_ubc], k_.vt, k_.critical);
}

template <bool extended>
void BipolarTransistor<extended>::guess(std::span<double> unknown) const {
  if (!off_ && k_.critical < infinity) unknown[U::ube] = k_.critical;
}

template <bool extended>
void BipolarTransistor<extended>::start(const std::array<double, 3>& voltage,
                                        std::span<double> unknown) const {
  const double vce = k_.sign * value_or(initial_vce_, voltage[0]);
  const double vbe = k_.sign * value_or(initial_vbe_, voltage[1]);
  const double vse = k_.sign * voltage[2];
  Local<BipolarTransistor, double> x{};
  x.unknown[U::ube] = vbe;
  x.unknown[U::ubc] = vbe - vce;
  x.unknown[U::usub] = k_.vertical ? vse - vce : vbe - vse;
  if constexpr (extended) x.unknown[U::outer_ubc] = vbe - vce;
  const BipolarCurrents<double> rest = bipolar_currents(k_, vbe, vbe - vce);
  const std::array<double, 5> q = charges(x, rest, vbe - vce);
  for (std::size_t j = 0; j < 4; ++j) x.unknown[U::qbe + j] = q[j] / unit_[j];
  if constexpr (extended) {
    x.unknown[U::q_outer] = q[4] / unit_[4];
    x.unknown[U::forward] = rest.forward / rest.charge;
  }
  std::ranges::copy(x.unknown, unknown.begin());
}

template <bool extended>
template <class Real>
Real BipolarTransistor<extended>::observe(std::size_t which, const Local<BipolarTransistor, Real>& x) const {
  const Flows<Real> i = flows(x);
  switch (static_cast<Observable>(which)) {
    case Observable::ic:
      return k_.sign * i.collector;
    case Observable::ib:
      return k_.sign * i.base;
    case Observable::ie:
      return -k_.sign * i.emitter;
    case Observable::is:
      return k_.sign * i.substrate;
    case Observable::vbe:
      return x.unknown[U::ube];
    case Observable::vbc:
      return x.unknown[U::ubc];
    case Observable::gx:
      return 1.0 / i.base_resistance;
    case Observable::p:
      return k_.sign * (x.voltage[0] * i.collector + x.voltage[1] * i.base + x.voltage[2] * i.substrate);
    case Observable::td:
      return Real(k_.delay);
    case Observable::qbe:
    case Observable::qbc:
    case Observable::qbx:
    case Observable::qsub:
      return charges(x, i.rest, outer_voltage(x, i))[which - static_cast<std::size_t>(Observable::qbe)];
    default:
      return Real(small_signal(which, x));
  }
}

template <bool extended>
template <class Real>
double BipolarTransistor<extended>::small_signal(std::size_t which,
                                                 const Local<BipolarTransistor, Real>& x) const {
  using Pair = Dual<2>;
  const auto number = [](const auto& value) {
    if constexpr (std::is_same_v<Real, double>)
      return value;
    else
      return value.value;
  };
  const Pair ube = Pair::variable(number(x.unknown[U::ube]), 0);
  const Pair ubc = Pair::variable(number(x.unknown[U::ubc]), 1);
  const BipolarCurrents<Pair> rest = bipolar_currents(k_, ube, ubc);
  const Pair transport = (rest.forward - rest.reverse) / rest.charge;
  switch (static_cast<Observable>(which)) {
    case Observable::gm:
      return transport.derivative[0] + transport.derivative[1];
    case Observable::go:
      return -transport.derivative[1];
    case Observable::gpi:
      return rest.base_emitter.derivative[0];
    case Observable::gmu:
      return rest.base_collector.derivative[1];
    case Observable::cpi:
      return base_emitter_charge(k_, rest, ube, ubc).derivative[0];
    case Observable::cmu: {
      Pair q = k_.base_collector.charge(ubc) + k_.transit_reverse * rest.reverse;
      if (k_.epitaxial) q += k_.epitaxial_charge * epitaxial_injection(k_, ubc);
      return q.derivative[1];
    }
    case Observable::cbx:
      return k_.outer_base_collector.charge(Dual<1>::variable(number(outer_voltage(x, flows(x))), 0))
          .derivative[0];
    case Observable::csub:
      return k_.collector_substrate.charge(Dual<1>::variable(number(x.unknown[U::usub]), 0)).derivative[0];
    default:
      return 0;
  }
}

template <bool extended>
void BipolarTransistor<extended>::noise(const Local<BipolarTransistor, double>& x, double, double hertz,
                                        std::span<double> density) const {
  constexpr double charge = 1.602176634e-19;  // C
  const double kelvin = k_.vt / boltzmann_over_charge;
  const auto thermal = [&](double resistance) {
    return resistance > 0 ? thermal_noise(kelvin, 1 / resistance) : 0;
  };
  const Flows<double> i = flows(x);
  const double base = std::abs(i.rest.base_emitter + i.rest.base_collector);
  density[0] = thermal(k_.collector_resistance);
  density[1] = thermal(i.base_resistance);
  density[2] = thermal(k_.emitter_resistance);
  density[3] =
      2 * charge * std::abs((i.rest.forward - i.rest.reverse) / i.rest.charge - i.rest.base_collector);
  density[4] = 2 * charge * base;
  density[5] = k_.copies * k_.flicker * std::pow(base / k_.copies, k_.flicker_exponent) / hertz;
}

template <bool extended>
Equations<BipolarTransistor<extended>, double> BipolarTransistor<extended>::junction_path(
    std::size_t which, const Local<BipolarTransistor, double>& x) const {
  using Real = Dual<1>;
  Local<BipolarTransistor, Real> varied;
  std::ranges::copy(x.voltage, varied.voltage.begin());
  std::ranges::copy(x.unknown, varied.unknown.begin());
  std::ranges::copy(x.derivative, varied.derivative.begin());
  varied.derivative[which].derivative[0] = 1 / unit_[which - U::qbe];
  Equations<BipolarTransistor, Real> change;
  equations(varied, change);
  Equations<BipolarTransistor, double> path;
  const auto slope = [](const Real& y) { return y.derivative[0]; };
  std::ranges::transform(change.current, path.current.begin(), slope);
  std::ranges::transform(change.unknown, path.unknown.begin(), slope);
  return path;
}

template <bool extended>
void BipolarTransistor<extended>::noise_path(std::size_t which, const Local<BipolarTransistor, double>& x,
                                             Equations<BipolarTransistor, double>& f) const {
  f = {};
  constexpr std::size_t contact = extended ? unknown_count - 4 : std::size_t{U::ubc};
  const Flows<double> i = flows(x);
  switch (which) {
    case 0:
      f.unknown[contact] = k_.collector_resistance;
      return;
    case 1:
      f.unknown[U::ube] = f.unknown[contact] = i.base_resistance;
      return;
    case 2: {
      const double rise = k_.emitter_resistance;
      const Dual<1> outer = Dual<1>::variable(outer_voltage(x, i), 0);
      f.unknown[U::ube] = rise;
      f.unknown[U::usub] = k_.vertical ? rise : -rise;
      f.unknown[U::qbx] = -rise * k_.outer_base_collector.charge(outer).derivative[0] / unit_[2];
      return;
    }
    case 3: {  // from the inner collector to the inner emitter
      f = junction_path(U::qbe, x);
      const Equations<BipolarTransistor, double> over = junction_path(U::qbc, x);
      for (std::size_t b = 0; b < f.current.size(); ++b) f.current[b] -= over.current[b];
      for (std::size_t j = 0; j < f.unknown.size(); ++j) f.unknown[j] -= over.unknown[j];
      return;
    }
    default:
      f = junction_path(U::qbe, x);
  }
}

template <bool extended>
DeviceType BipolarTransistor<extended>::describe() {
  DeviceType type;
  type.name = "bipolar transistor";
  type.help = "Gummel-Poon bipolar transistor";
  type.letter = 'q';
  type.model_type = "npn";
  type.terminals = {"collector", "base", "emitter", "substrate"};
  type.branches = {{0, 2}, {1, 2}, {3, 2}};
  type.parameters = bipolar_parameters();
  type.card_parameters = {
      {.name = "dtemp", .unit = "K", .default_value = 0, .help = "added to the circuit's temperature"}};
  type.foreign_parameters = {{"vbe_max vbc_max vce_max pd_max ic_max ib_max te_max rth0",
                              "limits of safe operation are not watched"}};
  type.form.model_variants = {{"npn", place(Bipolar::polarity), 1}, {"pnp", place(Bipolar::polarity), -1}};
  type.form.optional_terminals = 1;
  type.form.behind_model = {"area"};
  type.form.lenient = true;
  type.finish = [](std::span<double> values,
                   const OperatingConditions& at) -> std::optional<ParameterProblem> {
    constexpr std::size_t dtemp = place(Bipolar::copies) + 1;
    double& temperature = values[place(Bipolar::temp)];
    temperature = value_or(temperature, at.ambient + values[dtemp]);
    values[place(Bipolar::tnom)] = value_or(values[place(Bipolar::tnom)], at.nominal);
    values[place(Bipolar::gmin)] = value_or(values[place(Bipolar::gmin)], at.gmin);
    return std::nullopt;
  };
  type.observables.assign(bipolar_observables.begin(), bipolar_observables.end());
  return type;
}

namespace {

double given_or_zero(std::span<const double> values, Bipolar which) {
  return value_or(values[place(which)], 0);
}

}  // namespace

template class BipolarTransistor<false>;
template class BipolarTransistor<true>;

DeviceType bipolar_transistor_type() {
  DeviceType type = device_type<BipolarTransistor<false>>();
  type.form.special = std::make_shared<DeviceType>(device_type<BipolarTransistor<true>>());
  type.form.is_special = [](std::span<const double> values) {
    return !std::isnan(values[place(Bipolar::rco)]) ||
           given_or_zero(values, Bipolar::ptf) * given_or_zero(values, Bipolar::tf) != 0;
  };
  return type;
}

}  // namespace memspice
