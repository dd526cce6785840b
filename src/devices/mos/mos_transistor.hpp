#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "devices/mos/mos_block.hpp"
#include "devices/mos/mos_card.hpp"
#include "devices/mos/mos_gate.hpp"
#include "memspice/model.hpp"

namespace memspice {

/// A MOS transistor of SPICE: the channel of a level, junctions of the bulk, overlaps, the gate's
/// capacitances and resistances of drain and source.
///
/// Unknowns are the voltages behind the resistances (ds, gs, bs, turned round for a p-channel), so that
/// Newton's steps can be limited there, three of the gate and the charges of the two junctions in volt at
/// the capacitance at 0 V. The three of the gate are voltages to source, drain and bulk, whose slopes
/// Meyer's capacitances turn into currents; with capop=4 they are charges, and none is lost whatever the
/// steps are.
///
/// A level has `rules`, a constructor from a MosCard and `conduct(vgs, vds, vbs)` for vds >= 0.
template <class Level>
class MosTransistor {
  enum Place : std::size_t { ds, gs, bs, gate_source, gate_drain, gate_bulk, drain_charge, source_charge };
  static constexpr UnknownDescription voltage_unknown{
      .name = "", .kind = UnknownKind::algebraic, .quantity = Quantity::voltage};
  static constexpr UnknownDescription charge_unknown{
      .name = "", .kind = UnknownKind::charge, .quantity = Quantity::voltage};

 public:
  static constexpr int branches = 3;
  static constexpr std::array<UnknownDescription, 8> unknowns{
      voltage_unknown, voltage_unknown, voltage_unknown, charge_unknown,
      charge_unknown,  charge_unknown,  charge_unknown,  charge_unknown};
  static DeviceType describe() { return describe_mos(Level::rules); }

  explicit MosTransistor(std::span<const double> values)
      : MosTransistor(values, MosCard(values, Level::rules)) {}

  template <class Real>
  void equations(const Local<MosTransistor, Real>& x, Equations<MosTransistor, Real>& f) const {
    const Real& vds = x.unknown[ds];
    const Real& vgs = x.unknown[gs];
    const Real& vbs = x.unknown[bs];
    const auto [channel, to_source_part, to_drain_part, to_bulk_part, drain_leak, source_leak, drain_part,
                source_part] = along(vgs, vds, vbs, [this](const auto& g, const auto& d, const auto& b) {
      return this->inside(g, d, b);
    });
    const auto gate_current = [this](const Real& part, const Real& slope) {
      return gate_.conserving ? Real(gate_.unit * slope) : Real(part * slope);
    };
    const Real to_source = gate_current(to_source_part, x.derivative[gate_source]);
    const Real to_drain = gate_current(to_drain_part, x.derivative[gate_drain]);
    const Real to_bulk = gate_current(to_bulk_part, x.derivative[gate_bulk]);
    const Real from_bulk_to_drain = drain_leak + around_.drain.unit * x.derivative[drain_charge];
    const Real from_bulk_to_source = source_leak + around_.source.unit * x.derivative[source_charge];
    const Real drain = channel - from_bulk_to_drain - to_drain;
    const Real gate_total = to_source + to_drain + to_bulk;
    const Real bulk = from_bulk_to_source + from_bulk_to_drain - to_bulk;
    f.current = {polarity_ * drain, polarity_ * gate_total, polarity_ * bulk};
    const Real rise = around_.source_resistance * (drain + gate_total + bulk);  // V, of the inner source
    f.unknown[ds] = polarity_ * x.voltage[0] - vds - around_.drain_resistance * drain - rise;
    f.unknown[gs] = polarity_ * x.voltage[1] - vgs - rise;
    f.unknown[bs] = polarity_ * x.voltage[2] - vbs - rise;
    f.unknown[gate_source] = x.unknown[gate_source] - gate_unknown(to_source_part, vgs);
    f.unknown[gate_drain] = x.unknown[gate_drain] - gate_unknown(to_drain_part, Real(vgs - vds));
    f.unknown[gate_bulk] = x.unknown[gate_bulk] - gate_unknown(to_bulk_part, Real(vgs - vbs));
    f.unknown[drain_charge] = x.unknown[drain_charge] - drain_part;
    f.unknown[source_charge] = x.unknown[source_charge] - source_part;
  }

  /// The same linearised, without carrying the slopes by all unknowns through linear sums. `c` (1/s): the
  /// slope of a charge's derivative by the charge.
  using Block = MosBlock;
  bool linearise(const Local<MosTransistor, double>& x, double c, MosBlock& block) const;

  void limit(const std::array<double, 8>& before, std::array<double, 8>& after) const;
  void guess(std::span<double> unknown) const;

  /// In the order of DeviceType::observables.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<MosTransistor, Real>& x) const;

  static constexpr std::array<NoiseDescription, 4> noises{{{"rd", 0}, {"rs", 0}, {"id", 0}, {"1overf", 0}}};
  void noise(const Local<MosTransistor, double>& x, double kelvin, double hertz,
             std::span<double> density) const;
  /// The noise of a resistance is a voltage beside it, V²/Hz; the others are beside the channel.
  void noise_path(std::size_t which, const Local<MosTransistor, double>& x,
                  Equations<MosTransistor, double>& path) const;

 private:
  MosTransistor(std::span<const double> values, const MosCard& card);

  /// What the voltages inside make: the channel's current, the gate's three parts, currents and charges of
  /// the junctions at drain and source.
  template <class Real>
  [[nodiscard, gnu::flatten]] std::array<Real, 8> inside(const Real& vgs, const Real& vds,
                                                         const Real& vbs) const {
    const auto state = conduct(vgs, vds, vbs);
    const auto parts = gate_parts(vgs, vds, vbs, state);
    const Real vbd = vbs - vds;
    return {state.current,
            parts.source,
            parts.drain,
            parts.bulk,
            junction_current(around_.drain, vbd),
            junction_current(around_.source, vbs),
            around_.drain.charge(vbd),
            around_.source.charge(vbs)};
  }

  /// The channel, whichever end is its source; the current from drain to source, threshold and saturation
  /// as the end that is the source sees them.
  template <class Real>
  [[nodiscard]] ChannelState<Real> conduct(const Real& vgs, const Real& vds, const Real& vbs) const {
    if (!(vds < Real(0.0))) return level_.conduct(vgs, vds, vbs);
    ChannelState<Real> turned = level_.conduct(Real(vgs - vds), Real(-vds), Real(vbs - vds));
    turned.current = -turned.current;
    return turned;
  }

  template <class Real>
  [[nodiscard]] Real junction_current(const MosSurroundings::Junction& junction, const Real& v) const {
    const Real leak = around_.gmin * v;
    if (number_of(v) == 0) return leak + junction.saturation / vt_ * v;  // a bulk at its source
    if (!(v > Real(-3 * vt_))) {
      if (!Level::rules.soft_reverse) return leak - junction.saturation;
      const Real arg = 3 * vt_ / (v * std::exp(1.0));
      return leak - junction.saturation * (1.0 + arg * arg * arg);
    }
    return leak + junction.saturation * (bounded_exp(v / vt_) - 1.0);
  }

  /// Capacitances, or with capop=4 charges in volt at gate_.unit.
  template <class Real>
  [[nodiscard]] GateParts<Real> gate_parts(const Real& vgs, const Real& vds, const Real& vbs,
                                           const ChannelState<Real>& at) const {
    const bool turned = vds < Real(0.0);
    const Real vgd = vgs - vds;
    GateParts<Real> g;
    if (gate_.conserving)
      g = turned ? oxide_.charges(vgd, Real(-vds), Real(vbs - vds), at) : oxide_.charges(vgs, vds, vbs, at);
    else
      g = turned ? oxide_.meyer(vgd, Real(-vds), at) : oxide_.meyer(vgs, vds, at);
    if (turned) std::swap(g.source, g.drain);
    if (!gate_.conserving)
      return {g.source + around_.source_overlap, g.drain + around_.drain_overlap,
              g.bulk + around_.bulk_overlap};
    return {(g.source + around_.source_overlap * vgs) / gate_.unit,
            (g.drain + around_.drain_overlap * vgd) / gate_.unit,
            (g.bulk + around_.bulk_overlap * (vgs - vbs)) / gate_.unit};
  }
  /// What the unknown of the gate is: a charge, the voltage across a capacitance, or, without any, 0.
  template <class Real>
  [[nodiscard]] Real gate_unknown(const Real& part, const Real& voltage) const {
    if (gate_.conserving) return part;
    return gate_.present ? voltage : Real(0.0);
  }

  [[nodiscard]] double small_signal(std::size_t which, const std::array<double, 3>& v) const;
  [[nodiscard]] double gate_capacitance(std::size_t which, const std::array<double, 3>& v) const;

  Level level_;
  MosSurroundings around_;
  GateOxide oxide_;
  double polarity_;
  double vt_;  // V
  struct Gate {
    double unit = 0;  // F, of what is a charge
    bool conserving = false, present = false;
  } gate_;
  struct Start {
    std::array<double, 3> voltage;  // V: ds, gs, bs
    bool given;                     // by ic=: the charges follow then
    bool off;
  } start_;
  struct Flicker {
    double factor, exponent;
    double scale;  // F²/m², by which it is divided
  } flicker_;
};

}  // namespace memspice
