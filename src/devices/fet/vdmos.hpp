#pragma once

#include <array>
#include <cmath>
#include <span>

#include "devices/fet/fet_parts.hpp"
#include "memspice/model.hpp"

namespace memspice {

/// The capacitance between gate and drain of a power MOS transistor (LTspice's VDMOS): between `least` and
/// `most`, as an arc tangent below 0 V and a hyperbolic one above.
struct GateDrainCapacitance {
  double swing = 0, middle = 0;  // F
  double steepness = 1;          // 1/V

  GateDrainCapacitance() = default;
  GateDrainCapacitance(double least, double most, double a);
  /// F.
  [[nodiscard]] double capacitance(double v) const;
  /// C, 0 at 0 V.
  template <class Real>
  [[nodiscard]] Real charge(const Real& v) const {
    return function_at(v, charge_at(number_of(v)), capacitance(number_of(v)));
  }

 private:
  [[nodiscard]] double charge_at(double v) const;
};

/// The channel of a power MOS transistor.
struct VdmosChannel {
  double threshold = 0;                    // V
  double transconductance = 0;             // A/V²
  double modulation = 0, degradation = 0;  // 1/V, by the voltages of drain and gate
  double subthreshold = 0, shift = 0;      // V
  double triode = 1;

  /// A, from drain to source, whichever of them is the higher one.
  template <class Real>
  [[nodiscard]] Real current(const Real& vds, const Real& vgs) const {
    const bool turned = vds < Real(0.0);
    const Real over = turned ? vgs - vds - threshold : vgs - threshold;
    const Real gain =
        transconductance * positive_factor(Real(modulation * vds)) / positive_factor(Real(degradation * vgs));
    const Real pinch = inversion(over);
    const Real across = turned ? -triode * vds : triode * vds;
    const Real i = pinch > across ? gain * across * (pinch - 0.5 * across) : 0.5 * gain * pinch * pinch;
    return turned ? -i : i;
  }

  /// V above the threshold, which falls off exponentially below it.
  template <class Real>
  [[nodiscard]] Real inversion(const Real& over) const {
    if (subthreshold > 0) return subthreshold * soft_ramp(Real((over - shift) / subthreshold));
    return over > Real(0.0) ? over : Real(0.0);
  }
};

/// Resistances of a power MOS transistor, ohm.
struct VdmosResistances {
  double drain = 0, source = 0, gate = 0, body = 0;
  double saturating = 0, saturating_voltage = 0;  // how much that of the drain grows, and V
  double shunt = 0;                               // S, between drain and source
};

/// Where solutions of a power MOS transistor begin.
struct VdmosStart {
  bool off = false;         // at 0 V in the first search of the operating point
  double vds = 0, vgs = 0;  // V, with uic; not given: of .ic
};

/// The power MOS transistor of LTspice and ngspice (ngspice's manual, chapter 11): a channel of Shichman and
/// Hodges with weak inversion, whose triode region may conduct better (mtriode) and saturate early (rq, vq),
/// capacitances of the gate that are charges, and the body diode.
///
/// Branches: drain and gate against the source. Unknowns are the voltages behind the resistances, ds, gs and
/// that of the body diode, those of an n-channel, and the charges in volt.
class Vdmos {
  enum Place : std::size_t { ds, gs, body, gate_source, gate_drain, body_charge };
  static constexpr UnknownDescription voltage_unknown{
      .name = "", .kind = UnknownKind::algebraic, .quantity = Quantity::voltage};
  static constexpr UnknownDescription charge_unknown{
      .name = "", .kind = UnknownKind::charge, .quantity = Quantity::voltage};

 public:
  static constexpr int branches = 2;
  static constexpr std::array<UnknownDescription, 6> unknowns{
      voltage_unknown, voltage_unknown, voltage_unknown, charge_unknown, charge_unknown, charge_unknown};
  static DeviceType describe();

  explicit Vdmos(std::span<const double> values);

  template <class Real>
  void equations(const Local<Vdmos, Real>& x, Equations<Vdmos, Real>& f) const {
    const Real& vds = x.unknown[ds];
    const Real& vgs = x.unknown[gs];
    const Real outer = polarity_ * x.voltage[0];
    const Flows<Real> i = flows(x);
    f.current = {polarity_ * (i.inner_drain - i.diode + resistance_.shunt * outer), polarity_ * i.gate};
    const Real rise = resistance_.source * (i.inner_drain + i.gate);  // V, of the inner source
    f.unknown[ds] = outer - vds - drain_resistance(outer, vds) * i.inner_drain - rise;
    f.unknown[gs] = polarity_ * x.voltage[1] - vgs - resistance_.gate * i.gate - rise;
    f.unknown[body] = -outer - x.unknown[body] - resistance_.body * i.diode;
    const std::array<Real, 3> q = charges(vds, vgs, x.unknown[body]);
    for (std::size_t j = 0; j < q.size(); ++j)
      f.unknown[gate_source + j] = x.unknown[gate_source + j] - q[j] / unit_[j];
  }

  void limit(const std::array<double, 6>& before, std::array<double, 6>& after) const;
  void guess(std::span<double> unknown) const;
  /// Where a transient with uic begins: at ic=, or at what .ic says of the nodes.
  void start(const std::array<double, 2>& voltage, std::span<double> unknown) const;

  /// In the order of DeviceType::observables; signs are those of an n-channel, as in ngspice.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<Vdmos, Real>& x) const {
    enum Quantities : std::size_t { vgs, vds, id, ig, is, idio, p };
    if (which == vgs) return x.unknown[gs];
    if (which == vds) return x.unknown[ds];
    if (which > p)
      return Real(small_signal(which - p - 1, number_of(x.unknown[ds]), number_of(x.unknown[gs]),
                               number_of(x.unknown[body])));
    const Flows<Real> i = flows(x);
    const Real drain = i.inner_drain - i.diode + polarity_ * resistance_.shunt * x.voltage[0];
    switch (which) {
      case id:
        return drain;
      case ig:
        return i.gate;
      case is:
        return -(drain + i.gate);
      case idio:
        return i.diode;
      default:
        return polarity_ * (drain * x.voltage[0] + i.gate * x.voltage[1]);
    }
  }

  static constexpr std::array<NoiseDescription, 4> noises{{{"rd", 0}, {"rs", 0}, {"id", 0}, {"1overf", 0}}};
  void noise(const Local<Vdmos, double>& x, double kelvin, double hertz, std::span<double> density) const;
  /// The noise of a resistance is a voltage beside it, V²/Hz; the others are beside the channel.
  void noise_path(std::size_t which, const Local<Vdmos, double>& x, Equations<Vdmos, double>& path) const;

 private:
  template <class Real>
  struct Flows {
    Real inner_drain, gate, diode;  // A: into the channel's end, into the gate, from source to drain
  };

  template <class Real>
  [[nodiscard]] Flows<Real> flows(const Local<Vdmos, Real>& x) const {
    const Real to_source = unit_[0] * x.derivative[gate_source];
    const Real to_drain = unit_[1] * x.derivative[gate_drain];
    return {channel_.current(x.unknown[ds], x.unknown[gs]) - to_drain, to_source + to_drain,
            diode_.current(x.unknown[body]) + unit_[2] * x.derivative[body_charge]};
  }

  /// Ohm; it grows with the voltage of the transistor where it is quasi-saturated.
  template <class Real>
  [[nodiscard]] Real drain_resistance(const Real& outer, const Real& vds) const {
    if (resistance_.saturating == 0 || resistance_.drain == 0 || !(outer > Real(0.0)) || vds < Real(0.0))
      return Real(resistance_.drain);
    return resistance_.drain + resistance_.saturating * outer / (outer + resistance_.saturating_voltage);
  }

  /// C: of gate and source, gate and drain, body.
  template <class Real>
  [[nodiscard]] std::array<Real, 3> charges(const Real& vds, const Real& vgs, const Real& v) const {
    return {gate_source_ * vgs, gate_drain_.charge(Real(vgs - vds)),
            depletion_.charge(v) + transit_ * diode_.ideal(v)};
  }

  /// cgs, cgd, cds (F), gm, gds (S), von (V) in this order.
  [[nodiscard]] double small_signal(std::size_t which, double vds, double vgs, double v) const;
  [[nodiscard]] double slope(double vds, double vgs, bool by_gate) const;

  double polarity_, kelvin_, copies_;
  VdmosChannel channel_;
  VdmosResistances resistance_;
  JunctionCurrent diode_;
  Depletion depletion_;
  double transit_;      // s
  double gate_source_;  // F
  GateDrainCapacitance gate_drain_;
  std::array<double, 3> unit_;     // F, the units of the charges
  std::array<double, 2> flicker_;  // coefficient and exponent
  VdmosStart begin_;
};

}  // namespace memspice
