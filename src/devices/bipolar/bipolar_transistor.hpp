#pragma once

#include <array>
#include <span>

#include "devices/bipolar/bipolar_currents.hpp"
#include "memspice/model.hpp"

namespace memspice {

inline constexpr UnknownDescription junction_voltage{
    .name = "", .kind = UnknownKind::algebraic, .quantity = Quantity::voltage};
inline constexpr UnknownDescription junction_charge{
    .name = "", .kind = UnknownKind::charge, .quantity = Quantity::voltage};
inline constexpr UnknownDescription followed_current{
    .name = "", .kind = UnknownKind::charge, .quantity = Quantity::current};
inline constexpr UnknownDescription delayed_current{
    .name = "", .kind = UnknownKind::charge, .quantity = Quantity::current, .delay = "td"};

/// The internal unknowns of a bipolar transistor, by number. The voltages are those of an npn at the inner
/// terminals, charges are in volt at a capacitance that is a constant of the junction.
struct BipolarUnknown {
  enum : std::size_t { ube, ubc, usub, qbe, qbc, qbx, qsub, outer_ubc, q_outer, forward, forward_rate };
};

template <bool extended>
inline constexpr std::array bipolar_unknowns{junction_voltage, junction_voltage, junction_voltage,
                                             junction_charge,  junction_charge,  junction_charge,
                                             junction_charge};
template <>
inline constexpr std::array bipolar_unknowns<true>{
    junction_voltage, junction_voltage, junction_voltage, junction_charge, junction_charge, junction_charge,
    junction_charge,  junction_voltage, junction_charge,  delayed_current, followed_current};

/// SPICE's Gummel-Poon transistor as ngspice has it. `extended`: with quasi-saturation and excess phase,
/// which need unknowns of their own; few models have them.
///
/// Branches: collector, base and substrate against the emitter. The resistances stand in the equations of
/// the junctions' voltages. The excess phase lets the forward current follow with the delay τ:
/// F = y + τ ẏ + τ²/3 ÿ (Weil and McNamee, IEEE Trans. Circuits Syst. 25 (1978) 114), and exp(-s τ) to small
/// signals.
template <bool extended>
class BipolarTransistor {
  using U = BipolarUnknown;

 public:
  static constexpr int branches = 3;
  static constexpr auto unknowns = bipolar_unknowns<extended>;
  static constexpr std::size_t unknown_count = unknowns.size();
  static DeviceType describe();

  explicit BipolarTransistor(std::span<const double> values);

  template <class Real>
  void equations(const Local<BipolarTransistor, Real>& x, Equations<BipolarTransistor, Real>& f) const {
    const Flows<Real> i = flows(x);
    f.current = {k_.sign * i.collector, k_.sign * i.base, k_.sign * i.substrate};
    const Real emitter_rise = k_.emitter_resistance * i.emitter;
    const Real inner_base = x.unknown[U::ube] + emitter_rise;  // V above the emitter terminal
    const Real inner_collector = inner_base - x.unknown[U::ubc];
    const Real vce = k_.sign * x.voltage[0], vbe = k_.sign * x.voltage[1], vse = k_.sign * x.voltage[2];
    const Real base_drop = i.base_resistance * i.inner_base;
    const Real contact_ubc = vbe - vce - base_drop + k_.collector_resistance * i.collector;
    f.unknown[U::ube] = vbe - base_drop - inner_base;
    f.unknown[U::usub] =
        k_.vertical ? vse - inner_collector - x.unknown[U::usub] : inner_base - vse - x.unknown[U::usub];
    if constexpr (extended) {
      f.unknown[U::outer_ubc] = contact_ubc - x.unknown[U::outer_ubc];
      f.unknown[U::ubc] = k_.epitaxial ? k_.epitaxial_resistance * (i.epitaxial - i.inner_collector)
                                       : x.unknown[U::outer_ubc] - x.unknown[U::ubc];
      const Real rate = k_.delay * x.derivative[U::forward];
      f.unknown[U::forward] = x.unknown[U::forward] - i.rest.forward / i.rest.charge + rate +
                              k_.delay / 3 * x.derivative[U::forward_rate];
      f.unknown[U::forward_rate] = x.unknown[U::forward_rate] - rate;
    } else {
      f.unknown[U::ubc] = contact_ubc - x.unknown[U::ubc];
    }
    balance_charges(x, i.rest, vbe - inner_collector, f);
  }

  void limit(const std::array<double, unknown_count>& before, std::array<double, unknown_count>& after) const;
  void guess(std::span<double> unknown) const;
  /// Where a transient with uic begins: at ic=, or at what .ic says of the nodes.
  void start(const std::array<double, 3>& voltage, std::span<double> unknown) const;

  /// In the order of DeviceType::observables; what small signals see are numbers without derivatives.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<BipolarTransistor, Real>& x) const;

  static constexpr std::array<NoiseDescription, 6> noises{
      {{"rc", 0}, {"rb", 0}, {"re", 0}, {"ic", 0}, {"ib", 0}, {"1overf", 0}}};
  void noise(const Local<BipolarTransistor, double>& x, double kelvin, double hertz,
             std::span<double> density) const;
  /// Thermal noise flows beside its resistance, the others between the inner terminals.
  void noise_path(std::size_t which, const Local<BipolarTransistor, double>& x,
                  Equations<BipolarTransistor, double>& f) const;

 private:
  /// As DeviceType::observables lists them.
  enum class Observable : std::size_t {
    // clang-format off
    ic, ib, ie, is, vbe, vbc, gm, gpi, gmu, go, gx, cpi, cmu, cbx, csub, qbe, qbc, qbx, qsub, p, td
    // clang-format on
  };

  /// All currents (A) of an npn.
  template <class Real>
  struct Flows {
    BipolarCurrents<Real> rest;
    Real base_resistance;  // ohm
    Real inner_base;       // through it, into the inner base
    Real inner_collector;  // into the inner collector
    Real epitaxial;        // that its voltage would have it be
    Real collector, base, substrate;
    Real emitter;  // out of the terminal
  };

  template <class Real>
  [[nodiscard]] double small_signal(std::size_t which, const Local<BipolarTransistor, Real>& x) const;
  /// What 1 A from the inner base over a junction of the charge `which` adds to the equations.
  [[nodiscard]] Equations<BipolarTransistor, double> junction_path(
      std::size_t which, const Local<BipolarTransistor, double>& x) const;
  /// V, of the outer base above the inner collector.
  template <class Real>
  [[nodiscard]] Real outer_voltage(const Local<BipolarTransistor, Real>& x, const Flows<Real>& i) const {
    return k_.sign * x.voltage[1] - x.unknown[U::ube] - k_.emitter_resistance * i.emitter + x.unknown[U::ubc];
  }

  template <class Real>
  Flows<Real> flows(const Local<BipolarTransistor, Real>& x) const {
    Flows<Real> i;
    const Real &ube = x.unknown[U::ube], &ubc = x.unknown[U::ubc], &usub = x.unknown[U::usub];
    i.rest = bipolar_currents(k_, ube, ubc);
    i.base_resistance = base_resistance(k_, i.rest.base_emitter + i.rest.base_collector, i.rest.charge);
    Real forward = i.rest.forward / i.rest.charge;
    if constexpr (extended) {
      if (k_.delay != 0) forward = x.unknown[U::forward];
    }
    const Real transport = forward - i.rest.reverse / i.rest.charge;
    const Real base_emitter = i.rest.base_emitter + unit_[0] * x.derivative[U::qbe];
    const Real base_collector = i.rest.base_collector + unit_[1] * x.derivative[U::qbc];
    const Real outer = unit_[2] * x.derivative[U::qbx];
    const Real junction =
        exponential_current(k_.substrate, usub) + k_.gmin * usub + unit_[3] * x.derivative[U::qsub];
    i.substrate = k_.vertical ? junction : -junction;
    i.inner_collector = transport - base_collector - outer;
    i.inner_base = base_emitter + base_collector;
    if (k_.vertical)
      i.inner_collector = i.inner_collector - i.substrate;
    else
      i.inner_base = i.inner_base - i.substrate;
    i.collector = i.epitaxial = i.inner_collector;
    if constexpr (extended) {
      if (k_.epitaxial) {
        i.epitaxial = epitaxial_current(k_, ubc, x.unknown[U::outer_ubc]);
        const Real charging = unit_[4] * x.derivative[U::q_outer];
        i.collector = i.collector - charging;
        i.inner_base = i.inner_base + charging;
      }
    }
    i.base = i.inner_base + outer;
    i.emitter = base_emitter + transport;
    return i;
  }

  /// Charges, C: those across the junctions base-emitter, base-collector, outer base-collector, substrate,
  /// and of the epitaxial collector at its contact.
  template <class Real>
  [[nodiscard]] std::array<Real, 5> charges(const Local<BipolarTransistor, Real>& x,
                                            const BipolarCurrents<Real>& rest, const Real& vbx) const {
    const Real& ubc = x.unknown[U::ubc];
    std::array<Real, 5> q{base_emitter_charge(k_, rest, x.unknown[U::ube], ubc),
                          k_.base_collector.charge(ubc) + k_.transit_reverse * rest.reverse,
                          k_.outer_base_collector.charge(vbx),
                          k_.collector_substrate.charge(x.unknown[U::usub]), Real(0.0)};
    if constexpr (extended) {
      if (k_.epitaxial && k_.epitaxial_charge != 0) {
        q[1] = q[1] + k_.epitaxial_charge * epitaxial_injection(k_, ubc);
        q[4] = k_.epitaxial_charge * epitaxial_injection(k_, x.unknown[U::outer_ubc]);
      }
    }
    return q;
  }

  template <class Real>
  void balance_charges(const Local<BipolarTransistor, Real>& x, const BipolarCurrents<Real>& rest,
                       const Real& vbx, Equations<BipolarTransistor, Real>& f) const {
    const std::array<Real, 5> q = charges(x, rest, vbx);
    for (std::size_t j = 0; j < 4; ++j) f.unknown[U::qbe + j] = x.unknown[U::qbe + j] - q[j] / unit_[j];
    if constexpr (extended) f.unknown[U::q_outer] = x.unknown[U::q_outer] - q[4] / unit_[4];
  }

  BipolarConstants k_;
  std::array<double, 5> unit_;  // F, the units of the charges
  bool off_;
  double initial_vbe_, initial_vce_;  // V, with uic
};

/// The catalogue's entry, which chooses between both by the model's values.
DeviceType bipolar_transistor_type();

}  // namespace memspice
