#pragma once

#include <span>

#include "devices/junction.hpp"

namespace memspice {

/// The constants of one bipolar transistor at its temperature, of its area and all its copies together.
/// Voltages and currents are those of an npn; of a pnp all have the other sign.
struct BipolarConstants {
  /// `values` in the order of bipolar_parameters(); how they change with temperature is ngspice's (tlev,
  /// tlevc and quasimod choose).
  explicit BipolarConstants(std::span<const double> values);

  /// is (e^(u/nvt) - 1).
  struct Exponential {
    double saturation = 0;  // A
    double nvt = 1;         // V, emission coefficient times k T/q
  };

  double sign;    // 1: npn, -1: pnp
  bool vertical;  // whether the substrate meets the collector; else the base
  double vt;      // V, k T/q
  double gmin;    // S
  Exponential forward, reverse, emitter_leak, collector_leak, substrate;
  double forward_gain, reverse_gain;
  double inverse_early_forward, inverse_early_reverse;  // 1/V
  double inverse_knee_forward, inverse_knee_reverse;    // 1/A
  double knee_exponent;
  double base_resistance, least_base_resistance;  // ohm
  double half_resistance_current;                 // A; 0: the resistance follows the base charge
  double collector_resistance, emitter_resistance;
  double critical, substrate_critical;  // V, above which Newton's steps are limited
  Depletion base_emitter, base_collector, outer_base_collector, collector_substrate;
  double transit_forward, transit_reverse;              // s
  double transit_bias, transit_current, transit_slope;  // 1, A, 1/V: xtf, itf, 1/(1.44 vtf)
  double delay;                                         // s, of the excess phase
  bool epitaxial;                                       // whether there is quasi-saturation
  double epitaxial_resistance, epitaxial_voltage, epitaxial_doping, epitaxial_charge;  // ohm, V, 1, C
  double flicker, flicker_exponent;
  double copies;
};

}  // namespace memspice
