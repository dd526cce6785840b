#pragma once

#include <array>
#include <cmath>
#include <span>

#include "devices/channel_limits.hpp"
#include "devices/fet/fet_parts.hpp"
#include "memspice/model.hpp"

namespace memspice {

/// Constants of a transistor whose gate is a junction, of all copies together.
struct JunctionFetConstants {
  double polarity = 1;  // -1: p-channel
  double kelvin = 300.15;
  double copies = 1;
  double drain_resistance = 0, source_resistance = 0;  // ohm
  double threshold = 0;                                // V, for the steps of Newton's method
  JunctionCurrent source_junction, drain_junction;     // from the gate
  double channel_capacitance = 0;  // F, of drain and source: of gates whose charges' unknowns are voltages
  bool off = false;
  double initial_vds = 0, initial_vgs = 0;  // V, with uic; not given: of .ic
};

/// A field-effect transistor whose gate is a junction: the junctions' currents and charges, resistances of
/// drain and source, and the channel of a law.
///
/// Branches: drain and gate against the source. The voltages gate-source and gate-drain behind the
/// resistances are unknowns, those of an n-channel, so that Newton's steps can be limited there; so are the
/// charges, in volt.
///
/// A law has `constants`, `channel(vgs, vgd)`, A from drain to source, and a `gate`, whose `stored(vgs, vgd)`
/// are the two unknowns of the charges, `charging(vgs, vgd, slopes)` the currents into source and drain that
/// these make. A law with `memories` has more unknowns, for `channel(vgs, vgd, memory)`: each approaches what
/// is `followed` in one of the `times` (s), and is there when all is `settled`.
template <class Law>
class JunctionFet {
  enum Place : std::size_t { gs, gd, source_charge, drain_charge };
  static constexpr UnknownDescription voltage_unknown{
      .name = "", .kind = UnknownKind::algebraic, .quantity = Quantity::voltage};
  static constexpr UnknownDescription charge_unknown{
      .name = "", .kind = UnknownKind::charge, .quantity = Quantity::voltage};
  static constexpr std::size_t own_unknowns = 4, memories = Law::memories.size();

 public:
  static constexpr int branches = 2;
  static constexpr auto unknowns = [] {
    std::array<UnknownDescription, own_unknowns + memories> all{voltage_unknown, voltage_unknown,
                                                                charge_unknown, charge_unknown};
    std::ranges::copy(Law::memories, all.begin() + own_unknowns);
    return all;
  }();
  static DeviceType describe() {
    DeviceType type = Law::describe();
    type.terminals = {"drain", "gate", "source"};
    type.branches = {{0, 2}, {1, 2}};
    type.observables = {{"vgs", Quantity::voltage}, {"vgd", Quantity::voltage}, {"vds", Quantity::voltage},
                        {"id", Quantity::current},  {"ig", Quantity::current},  {"is", Quantity::current},
                        {"igd", Quantity::current}, {"p", Quantity::power},     {"gm", Quantity::notype},
                        {"gds", Quantity::notype},  {"ggs", Quantity::notype},  {"ggd", Quantity::notype}};
    return type;
  }

  explicit JunctionFet(std::span<const double> values) : law_(values), k_(law_.constants) {}

  template <class Real>
  void equations(const Local<JunctionFet, Real>& x, Equations<JunctionFet, Real>& f) const {
    const Real& vgs = x.unknown[gs];
    const Real& vgd = x.unknown[gd];
    const Flows<Real> i = flows(x);
    const Real rise = k_.source_resistance * (i.drain + i.gate);  // V, of the inner source
    f.current = {k_.polarity * i.drain, k_.polarity * i.gate};
    f.unknown[gs] = k_.polarity * x.voltage[1] - vgs - rise;
    f.unknown[gd] = k_.polarity * x.voltage[0] - (vgs - vgd) - k_.drain_resistance * i.drain - rise;
    const std::array<Real, 2> stored = law_.gate.stored(vgs, vgd);
    f.unknown[source_charge] = x.unknown[source_charge] - stored[0];
    f.unknown[drain_charge] = x.unknown[drain_charge] - stored[1];
    if constexpr (memories > 0) {
      const std::array<Real, memories> followed = law_.followed(vgs, vgd, memory_of(x));
      const std::array<double, memories> times = law_.times();
      for (std::size_t i = 0; i < memories; ++i)
        f.unknown[own_unknowns + i] =
            x.unknown[own_unknowns + i] - followed[i] + times[i] * x.derivative[own_unknowns + i];
    }
  }

  void limit(const std::array<double, unknowns.size()>& before,
             std::array<double, unknowns.size()>& after) const {
    after[gs] = limit_gate(k_.source_junction.limited(after[gs], before[gs]), before[gs], k_.threshold);
    after[gd] = limit_gate(k_.drain_junction.limited(after[gd], before[gd]), before[gd], k_.threshold);
  }
  void guess(std::span<double> unknown) const { unknown[gs] = unknown[gd] = k_.off ? 0 : -1; }
  /// Where a transient with uic begins: at ic=, or at what .ic says of the nodes.
  void start(const std::array<double, 2>& voltage, std::span<double> unknown) const {
    const auto given = [&](double initial, double branch) {
      return k_.polarity * (std::isnan(initial) ? branch : initial);
    };
    unknown[gs] = given(k_.initial_vgs, voltage[1]);
    unknown[gd] = unknown[gs] - given(k_.initial_vds, voltage[0]);
    const std::array<double, 2> stored = law_.gate.stored(unknown[gs], unknown[gd]);
    unknown[source_charge] = stored[0];
    unknown[drain_charge] = stored[1];
    if constexpr (memories > 0)
      std::ranges::copy(law_.settled(unknown[gs], unknown[gd]), unknown.begin() + own_unknowns);
  }

  /// In the order of DeviceType::observables; signs are those of an n-channel, as in ngspice.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t which, const Local<JunctionFet, Real>& x) const {
    enum Quantities : std::size_t { vgs, vgd, vds, id, ig, is, igd, p, gm, gds, ggs };  // and ggd
    const double at_gs = number_of(x.unknown[gs]), at_gd = number_of(x.unknown[gd]);
    if (which == vgs) return x.unknown[gs];
    if (which == vgd) return x.unknown[gd];
    if (which == vds) return x.unknown[gs] - x.unknown[gd];
    if (which == gm || which == gds) return Real(channel_slope(at_gs, at_gd, which == gm));
    if (which >= ggs) {
      const Dual<1> v = Dual<1>::variable(which == ggs ? at_gs : at_gd, 0);
      return Real((which == ggs ? k_.source_junction : k_.drain_junction).current(v).derivative[0]);
    }
    const Flows<Real> i = flows(x);
    switch (which) {
      case id:
        return i.drain;
      case ig:
        return i.gate;
      case is:
        return -(i.drain + i.gate);
      case igd:
        return i.from_gate_to_drain;
      default:
        return k_.polarity * (i.drain * x.voltage[0] + i.gate * x.voltage[1]);
    }
  }

  static constexpr std::array<NoiseDescription, 4> noises{{{"rd", 0}, {"rs", 0}, {"id", 0}, {"1overf", 0}}};
  void noise(const Local<JunctionFet, double>& x, double, double hertz, std::span<double> density) const {
    const double vgs = x.unknown[gs], vgd = x.unknown[gd];
    density[0] = thermal_noise(k_.kelvin, k_.drain_resistance);
    density[1] = thermal_noise(k_.kelvin, k_.source_resistance);
    density[2] =
        thermal_noise(k_.kelvin, law_.noise_conductance(vgs, vgd, std::abs(channel_slope(vgs, vgd, true))));
    const double current = std::abs(law_.channel(vgs, vgd) - k_.drain_junction.current(vgd)) / k_.copies;
    density[3] = k_.copies * law_.flicker * std::pow(current, law_.flicker_exponent) / hertz;
  }
  /// The noise of a resistance is a voltage beside it, V²/Hz; the others are beside the channel.
  void noise_path(std::size_t which, const Local<JunctionFet, double>&,
                  Equations<JunctionFet, double>& path) const {
    if (which < 2) {
      path.unknown[gd] = 1;
      if (which == 1) path.unknown[gs] = 1;
      return;
    }
    path.current[0] = k_.polarity;
    path.unknown[gs] = -k_.source_resistance;
    path.unknown[gd] = -(k_.source_resistance + k_.drain_resistance);
  }

 private:
  template <class Real>
  struct Flows {
    Real drain, gate;  // A, into the terminals of an n-channel
    Real from_gate_to_drain;
  };

  template <class Real>
  static std::span<const Real> memory_of(const Local<JunctionFet, Real>& x) {
    return std::span(x.unknown).subspan(own_unknowns);
  }

  template <class Real>
  [[nodiscard]] Flows<Real> flows(const Local<JunctionFet, Real>& x) const {
    const Real& vgs = x.unknown[gs];
    const Real& vgd = x.unknown[gd];
    const std::array<Real, 2> charging =
        law_.gate.charging(vgs, vgd, x.derivative[source_charge], x.derivative[drain_charge]);
    const Real to_source = k_.source_junction.current(vgs) + charging[0];
    const Real to_drain = k_.drain_junction.current(vgd) + charging[1];
    const Real along_channel =
        k_.channel_capacitance > 0
            ? k_.channel_capacitance * (x.derivative[source_charge] - x.derivative[drain_charge])
            : Real(0.0);
    Real channel;
    if constexpr (memories > 0)
      channel = law_.channel(vgs, vgd, memory_of(x));
    else
      channel = law_.channel(vgs, vgd);
    return {channel + along_channel - to_drain, to_source + to_drain, to_drain};
  }

  /// Derivative of the channel's current by vgs at constant vds, or by vds at constant vgs.
  [[nodiscard]] double channel_slope(double vgs, double vgd, bool by_gate) const {
    Dual<1> source(vgs), drain(vgd);
    if (by_gate) source.derivative[0] = 1;
    drain.derivative[0] = by_gate ? 1 : -1;
    return law_.channel(source, drain).derivative[0];
  }

  Law law_;
  JunctionFetConstants k_;
};

}  // namespace memspice
