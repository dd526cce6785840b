#pragma once

#include "devices/bipolar/bipolar_constants.hpp"

namespace memspice {

// The currents of the Gummel-Poon model at rest. (Vladimirescu, The SPICE Book, chapter 3 and appendix A;
// ngspice's manual, chapter 8; quasi-saturation: Kull et al., IEEE Trans. Electron Devices 32 (1985) 1103.)

/// is (e^(u/nvt) - 1), and in reverse SPICE's power law that ends at -is.
template <class Real>
Real exponential_current(const BipolarConstants::Exponential& junction, const Real& u) {
  const auto& [saturation, nvt] = junction;
  if (saturation == 0) return Real(0.0);
  if (!(u < Real(-3 * nvt))) return saturation * (bounded_exp(u / nvt) - 1.0);
  const Real arg = 3 * nvt / (u * std::exp(1.0));
  return -saturation * (1.0 + arg * arg * arg);
}

/// What flows between the inner terminals at two junction voltages.
template <class Real>
struct BipolarCurrents {
  Real forward;         // A, of the emitter junction before the base charge divides it
  Real reverse;         // A, of the collector junction
  Real charge;          // of the base, 1 at no bias
  Real base_emitter;    // A, recombination: base to emitter
  Real base_collector;  // A, base to collector
};

template <class Real>
BipolarCurrents<Real> bipolar_currents(const BipolarConstants& k, const Real& ube, const Real& ubc) {
  using std::exp;
  using std::log;
  using std::sqrt;
  BipolarCurrents<Real> i;
  i.forward = exponential_current(k.forward, ube);
  i.reverse = exponential_current(k.reverse, ubc);
  i.base_emitter = i.forward / k.forward_gain + exponential_current(k.emitter_leak, ube) + k.gmin * ube;
  i.base_collector = i.reverse / k.reverse_gain + exponential_current(k.collector_leak, ubc) + k.gmin * ubc;
  // Newton's method may come where the base would be empty; a solution does not: a hyperbola goes on there.
  constexpr double least = 0.01;
  Real rest = 1.0 - k.inverse_early_forward * ubc - k.inverse_early_reverse * ube;
  if (rest < Real(least)) rest = least / (2.0 - rest / least);
  i.charge = 1.0 / rest;
  if (k.inverse_knee_forward == 0 && k.inverse_knee_reverse == 0) return i;
  const Real injection =
      1.0 + 4.0 * (k.inverse_knee_forward * i.forward + k.inverse_knee_reverse * i.reverse);
  Real power = 0.0;
  if (injection > Real(0.0))
    power = k.knee_exponent == 0.5 ? sqrt(injection) : exp(k.knee_exponent * log(injection));
  i.charge = i.charge * (1.0 + power) * 0.5;
  return i;
}

/// (tan z - z)/(z tan² z), by its series where that would cancel.
template <class Real>
Real crowding(const Real& z) {
  using std::tan;
  if (z < Real(0.02)) {
    const Real s = z * z;
    const Real tangent = 1.0 + s / 3.0 + s * s * (2.0 / 15);  // tan z / z
    return (1.0 / 3 + s * (2.0 / 15) + s * s * (17.0 / 315)) / (tangent * tangent);
  }
  const Real t = tan(z);
  return (t - z) / (z * t * t);
}

/// Resistance (ohm) of the base at a base current (A) without that of charges.
template <class Real>
Real base_resistance(const BipolarConstants& k, const Real& base_current, const Real& charge) {
  using std::sqrt;
  const double change = k.base_resistance - k.least_base_resistance;
  if (change == 0) return Real(k.least_base_resistance);
  if (k.half_resistance_current == 0) return k.least_base_resistance + change / charge;
  Real part = base_current / k.half_resistance_current;
  if (!(part > Real(1e-9))) part = 1e-9;
  if (part > Real(1e9)) part = 1e9;  // above, the angle would pass a right one
  const Real angle = 14.59025 / 2.4317 * sqrt(part) / (1.0 + sqrt(1.0 + 14.59025 * part));
  return k.least_base_resistance + 3 * change * crowding(angle);
}

/// Part of the doping and the injected carriers of the epitaxial collector at one of its ends.
template <class Real>
Real epitaxial_injection(const BipolarConstants& k, const Real& u) {
  using std::sqrt;
  return sqrt(1.0 + k.epitaxial_doping * bounded_exp(u / k.vt));
}

/// Current (A) through the epitaxial collector from its contact, where the base is `outer` V higher, to the
/// junction, where it is `inner` V higher.
template <class Real>
Real epitaxial_current(const BipolarConstants& k, const Real& inner, const Real& outer) {
  using std::log;
  const Real v = inner - outer;
  const Real leak = k.gmin * v;
  if (!(v > Real(0.0))) return v / k.epitaxial_resistance + leak;
  const Real at_junction = epitaxial_injection(k, inner), at_contact = epitaxial_injection(k, outer);
  const Real ohmic = v + k.vt * (at_junction - at_contact - log((1.0 + at_junction) / (1.0 + at_contact)));
  return ohmic / (k.epitaxial_resistance * (1.0 + v / k.epitaxial_voltage)) + leak;
}

/// Charge (C) of the emitter junction.
template <class Real>
Real base_emitter_charge(const BipolarConstants& k, const BipolarCurrents<Real>& i, const Real& ube,
                         const Real& ubc) {
  const Real depletion = k.base_emitter.charge(ube);
  if (k.transit_forward == 0) return depletion;
  if (!(ube > Real(0.0))) return depletion + k.transit_forward * i.forward;
  Real bias = k.transit_bias;
  if (k.transit_bias != 0) {
    if (k.transit_slope != 0) bias = bias * bounded_exp(ubc * k.transit_slope);
    if (k.transit_current != 0) {
      const Real part = i.forward / (i.forward + k.transit_current);
      bias = bias * part * part;
    }
  }
  return depletion + k.transit_forward * i.forward * (1.0 + bias) / i.charge;
}

}  // namespace memspice
