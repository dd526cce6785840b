#pragma once

#include "devices/card_parameters.hpp"
#include "devices/channel_limits.hpp"
#include "devices/mos/mos_transistor.hpp"

// What is compiled once for a level: MosTransistor beside its equations, and its type.

namespace memspice {

/// Derivative of what a function of the voltages (vgs, vds, vbs) gives, `at` being ds, gs and bs, by that of
/// place `direction`.
template <class Function>
double slope(std::size_t direction, const std::array<double, 3>& at, const Function& function) {
  std::array<Dual<1>, 3> v{at[0], at[1], at[2]};
  v[direction].derivative[0] = 1;
  return function(v[1], v[0], v[2]).derivative[0];
}

template <class Level>
MosTransistor<Level>::MosTransistor(std::span<const double> values, const MosCard& card)
    : level_(card),
      around_(values, card, Level::rules, level_.width()),
      oxide_{card.oxide * level_.width() * level_.length() * card.copies(), card.phi, card.threshold},
      polarity_(card.polarity),
      vt_(card.vt),
      gate_{.conserving = values[mos_capacitance_model] != 0},
      start_{{0, card.threshold, -1}, false, values[mos_off] != 0},
      flicker_{values[mos_flicker], values[mos_flicker_exponent], 0} {
  gate_.unit = oxide_.capacitance + around_.source_overlap + around_.drain_overlap + around_.bulk_overlap;
  gate_.present = gate_.unit > 0;
  if (!gate_.present) gate_.unit = 1e-15;
  const double oxide = card.oxide > 0 ? card.oxide : oxide_permittivity / 1e-7;
  flicker_.scale = level_.width() * level_.length() * oxide * oxide;
  if (!Level::rules.flicker_of_one) flicker_.scale *= card.copies();
  const std::array<double, 3> given{values[mos_start_drain], values[mos_start_gate], values[mos_start_bulk]};
  start_.given = std::ranges::any_of(given, [](double v) { return !std::isnan(v) && v != 0; });
  if (start_.given)
    for (std::size_t i = 0; i < given.size(); ++i) start_.voltage[i] = polarity_ * value_or(given[i], 0);
}

template <class Level>
bool MosTransistor<Level>::linearise(const Local<MosTransistor, double>& x, double c, MosBlock& block) const {
  using Three = Dual<3>;
  const Three vds = Three::variable(x.unknown[ds], ds), vgs = Three::variable(x.unknown[gs], gs),
              vbs = Three::variable(x.unknown[bs], bs);
  const auto [channel, to_source_part, to_drain_part, to_bulk_part, drain_leak, source_leak, drain_part,
              source_part] = inside(vgs, vds, vbs);
  block.polarity = polarity_;
  block.drain_resistance = around_.drain_resistance;
  block.source_resistance = around_.source_resistance;
  block.drain_junction = c * around_.drain.unit;
  block.source_junction = c * around_.source.unit;
  block.drain_slope = drain_part.derivative[bs];
  block.source_slope = source_part.derivative[bs];
  block.has_charges = gate_.conserving;
  block.gate_voltage = gate_.present ? 1 : 0;
  const std::array<const Three*, 3> parts{&to_source_part, &to_drain_part, &to_bulk_part};
  const std::array<Three, 3> across{vgs, vgs - vds, vgs - vbs};
  std::array<std::array<double, 3>, 3> gate;  // slopes of the currents to source, drain and bulk
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const Three unknown = gate_unknown(*parts[k], across[k]);
    block.gate[k] = c * (gate_.conserving ? gate_.unit : parts[k]->value);
    const double rate = gate_.conserving ? 0 : x.derivative[gate_source + k];
    for (std::size_t j = 0; j < 3; ++j) {
      block.gate_slope[k * 3 + j] = unknown.derivative[j];
      gate[k][j] = rate * parts[k]->derivative[j] + block.gate[k] * unknown.derivative[j];
    }
  }
  for (std::size_t j = 0; j < 3; ++j) {
    const double to_drain = drain_leak.derivative[j] + block.drain_junction * drain_part.derivative[j];
    const double to_source = source_leak.derivative[j] + block.source_junction * source_part.derivative[j];
    block.conductance[j] = channel.derivative[j] - to_drain - gate[1][j];
    block.conductance[3 + j] = gate[0][j] + gate[1][j] + gate[2][j];
    block.conductance[6 + j] = to_source + to_drain - gate[2][j];
  }
  return block.eliminate();
}

template <class Level>
void MosTransistor<Level>::guess(std::span<double> unknown) const {
  if (!start_.off) std::ranges::copy(start_.voltage, unknown.begin());
  if (!start_.given) return;
  const double vds = start_.voltage[ds], vgs = start_.voltage[gs], vbs = start_.voltage[bs];
  const GateParts<double> gate = gate_parts(vgs, vds, vbs, conduct(vgs, vds, vbs));
  unknown[gate_source] = gate_unknown(gate.source, vgs);
  unknown[gate_drain] = gate_unknown(gate.drain, vgs - vds);
  unknown[gate_bulk] = gate_unknown(gate.bulk, vgs - vbs);
  unknown[drain_charge] = around_.drain.charge(vbs - vds);
  unknown[source_charge] = around_.source.charge(vbs);
}

template <class Level>
void MosTransistor<Level>::limit(const std::array<double, 8>& before, std::array<double, 8>& after) const {
  const double threshold = conduct(before[gs], before[ds], before[bs]).threshold;
  const bool turned = before[ds] < 0;
  // By what the steps become shorter: where they do not, nothing is rounded.
  const auto cut = [](double limited, double wanted) { return limited == wanted ? 0 : limited - wanted; };
  const double gate = after[gs] - (turned ? after[ds] : 0);
  const double gate_cut = cut(limit_gate(gate, before[gs] - (turned ? before[ds] : 0), threshold), gate);
  const double across = turned ? -(after[ds] - gate_cut) : after[ds] + gate_cut;
  const double across_cut = cut(limit_drain(across, std::abs(before[ds])), across);
  after[ds] += turned ? -gate_cut - across_cut : gate_cut + across_cut;
  after[gs] += turned ? -across_cut : gate_cut;
  const bool at_drain = after[ds] < 0;
  const double bulk = after[bs] - (at_drain ? after[ds] : 0);
  after[bs] += cut(limit_bulk(bulk, before[bs] - (at_drain ? before[ds] : 0), vt_,
                              at_drain ? around_.drain.critical : around_.source.critical),
                   bulk);
}

template <class Level>
double MosTransistor<Level>::small_signal(std::size_t which, const std::array<double, 3>& v) const {
  const bool turned = v[ds] < 0;
  std::array<double, 3> at = v;
  if (turned) at = {-v[ds], v[gs] - v[ds], v[bs] - v[ds]};
  return slope(which, at, [&](const auto& vgs, const auto& vds, const auto& vbs) {
    return level_.conduct(vgs, vds, vbs).current;
  });
}

template <class Level>
double MosTransistor<Level>::gate_capacitance(std::size_t which, const std::array<double, 3>& v) const {
  const auto part = [&](const auto& vgs, const auto& vds, const auto& vbs) {
    const auto parts = gate_parts(vgs, vds, vbs, conduct(vgs, vds, vbs));
    return which == 0 ? parts.source : which == 1 ? parts.drain : parts.bulk;
  };
  if (!gate_.conserving) return part(v[gs], v[ds], v[bs]);
  // Between the gate and another terminal: what that terminal's voltage moves on the gate.
  const auto total = [&](const auto& vgs, const auto& vds, const auto& vbs) {
    const auto parts = gate_parts(vgs, vds, vbs, conduct(vgs, vds, vbs));
    return parts.source + parts.drain + parts.bulk;
  };
  const double by_drain = -slope(ds, v, total) * gate_.unit, by_bulk = -slope(bs, v, total) * gate_.unit;
  if (which == 1) return by_drain;
  if (which == 2) return by_bulk;
  return slope(gs, v, total) * gate_.unit - by_drain - by_bulk;
}

template <class Level>
template <class Real>
Real MosTransistor<Level>::observe(std::size_t which, const Local<MosTransistor, Real>& x) const {
  enum Quantities : std::size_t {
    id,
    ig,
    is,
    ib,
    ibd,
    ibs,
    vgs,
    vds,
    vbs,
    vbd,
    von,
    vth,
    vdsat,
    gm,
    gds,
    gmbs,
    gmb,
    gbd,
    gbs,
    cgs
  };  // and cgd, cgb, cbd, cbs
  const Real vbd_now = x.unknown[bs] - x.unknown[ds];
  const std::array<double, 3> v{without_slopes(x.unknown[ds]), without_slopes(x.unknown[gs]),
                                without_slopes(x.unknown[bs])};
  switch (which) {
    case id:
    case ig:
    case is:
    case ib: {
      Equations<MosTransistor, Real> f;
      equations(x, f);
      if (which == is) return -polarity_ * (f.current[0] + f.current[1] + f.current[2]);
      return polarity_ * f.current[which == id ? 0 : which == ig ? 1 : 2];
    }
    case ibd:
      return junction_current(around_.drain, vbd_now);
    case ibs:
      return junction_current(around_.source, x.unknown[bs]);
    case vgs:
      return x.unknown[gs];
    case vds:
      return x.unknown[ds];
    case vbs:
      return x.unknown[bs];
    case vbd:
      return vbd_now;
    case von:
    case vth:
    case vdsat: {
      const ChannelState<Real> channel = conduct(x.unknown[gs], x.unknown[ds], x.unknown[bs]);
      return polarity_ * (which == vdsat ? channel.saturation : channel.threshold);
    }
    case gm:
      return Real(small_signal(gs, v));
    case gds:
      return Real(small_signal(ds, v));
    case gmbs:
    case gmb:
      return Real(small_signal(bs, v));
    default:
      break;
  }
  const bool of_drain = which == gbd || which == cgs + 3;
  const MosSurroundings::Junction& junction = of_drain ? around_.drain : around_.source;
  const Dual<1> u = Dual<1>::variable(of_drain ? v[bs] - v[ds] : v[bs], 0);
  if (which == gbd || which == gbs) return Real(junction_current(junction, u).derivative[0]);
  if (which >= cgs + 3) return Real(junction.charge(u).derivative[0] * junction.unit);
  return Real(gate_capacitance(which - cgs, v));
}

template <class Level>
void MosTransistor<Level>::noise(const Local<MosTransistor, double>& x, double, double hertz,
                                 std::span<double> density) const {
  const std::array<double, 3> v{x.unknown[ds], x.unknown[gs], x.unknown[bs]};
  const auto current = [this](const auto& vgs, const auto& vds, const auto& vbs) {
    return this->conduct(vgs, vds, vbs).current;
  };
  const double kelvin = vt_ / boltzmann_over_charge;
  density[0] = thermal_noise(kelvin, around_.drain_resistance);
  density[1] = thermal_noise(kelvin, around_.source_resistance);
  density[2] = thermal_noise(kelvin, 2.0 / 3 * std::abs(small_signal(gs, v)));
  density[3] = flicker_.factor * std::pow(std::abs(current(v[gs], v[ds], v[bs])), flicker_.exponent) /
               (hertz * flicker_.scale);
}

template <class Level>
void MosTransistor<Level>::noise_path(std::size_t which, const Local<MosTransistor, double>&,
                                      Equations<MosTransistor, double>& path) const {
  if (which == 0) {
    path.unknown[ds] = 1;
  } else if (which == 1) {
    path.unknown[ds] = path.unknown[gs] = path.unknown[bs] = 1;
  } else {
    path.current[0] = polarity_;
    path.unknown[ds] = -(around_.drain_resistance + around_.source_resistance);
    path.unknown[gs] = path.unknown[bs] = -around_.source_resistance;
  }
}

/// The type of a level, `own` being the parameters that its rules do not know.
template <class Level>
DeviceType mos_type(const std::vector<ParameterDescription>& own, std::string_view help) {
  DeviceType type = device_type<MosTransistor<Level>>();
  type.parameters.insert(type.parameters.end(), own.begin(), own.end());
  type.help = help;
  return type;
}

}  // namespace memspice
