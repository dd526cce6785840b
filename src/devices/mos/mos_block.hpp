#pragma once

#include <array>
#include <cstddef>

#include "memspice/detail/local_block.hpp"

namespace memspice {

/// A linearised MOS transistor with its eight unknowns (MosTransistor) eliminated as they stand: five are
/// functions of the three voltages inside, which differ from those outside by what falls across the
/// resistances. Currents are those into drain, gate and bulk, voltages ds, gs and bs, all of an n-channel.
///
/// With b a right side, dv and dx the changes of voltages and charges, s the currents that b makes at once:
///   dx = b_q + Q dv,  di = G dv + s,  dv + R di = p dV - b_v.
struct MosBlock {
  static constexpr std::size_t voltages = 3, charges = 5;
  using Matrix = std::array<double, voltages * voltages>;  // row by row
  using Triple = std::array<double, voltages>;

  double polarity = 1;
  double drain_resistance = 0, source_resistance = 0;  // ohm
  Triple gate{};                                       // A/V, of the gate's unknowns: to source, drain, bulk
  double drain_junction = 0, source_junction = 0;      // A/V, of their charges
  double drain_slope = 0, source_slope = 0;            // of the junctions' charges by their voltages
  Matrix conductance{};                                // S; first G, and after eliminate() G (1 + R G)⁻¹
  /// Of the gate's unknowns by the voltages; where these unknowns are no charges they are gate_voltage times
  /// the voltages between the gate and the others.
  bool has_charges = false;
  double gate_voltage = 1;
  Matrix gate_slope{};

  /// False when the equations are singular.
  bool eliminate() {
    if (!has_resistances()) return true;
    Matrix whole{};
    for (std::size_t j = 0; j < voltages; ++j) {
      const Triple column =
          across({conductance[j], conductance[voltages + j], conductance[2 * voltages + j]});
      for (std::size_t i = 0; i < voltages; ++i) whole[i * voltages + j] = column[i] + (i == j ? 1.0 : 0.0);
    }
    if (!invert<voltages>(whole, inside_)) return false;
    const Matrix inner = conductance;
    for (std::size_t i = 0; i < voltages; ++i)
      for (std::size_t j = 0; j < voltages; ++j) {
        double sum = 0;
        for (std::size_t m = 0; m < voltages; ++m) sum += inner[i * voltages + m] * inside_[m * voltages + j];
        conductance[i * voltages + j] = sum;
      }
    return true;
  }

  /// The currents that the right side b makes while the voltages outside stay.
  [[nodiscard]] Triple driven(const double* b) const {
    const Triple s = at_once(b);
    const Triple current = times(conductance, fallen(b, s));
    return {polarity * (s[0] - current[0]), polarity * (s[1] - current[1]), polarity * (s[2] - current[2])};
  }

  /// The unknowns for the right side b and voltages outside.
  [[nodiscard]] std::array<double, voltages + charges> unknowns(const double* b,
                                                                const Triple& outside) const {
    Triple v;
    if (has_resistances()) {
      v = fallen(b, at_once(b));
      for (std::size_t i = 0; i < voltages; ++i) v[i] = polarity * outside[i] - v[i];
      v = times(inside_, v);
    } else {
      for (std::size_t i = 0; i < voltages; ++i) v[i] = polarity * outside[i] - b[i];
    }
    const Triple g =
        has_charges ? times(gate_slope, v)
                    : Triple{gate_voltage * v[1], gate_voltage * (v[1] - v[0]), gate_voltage * (v[1] - v[2])};
    return {v[0],
            v[1],
            v[2],
            b[3] + g[0],
            b[4] + g[1],
            b[5] + g[2],
            b[6] + drain_slope * (v[2] - v[0]),
            b[7] + source_slope * v[2]};
  }

 private:
  [[nodiscard]] bool has_resistances() const { return drain_resistance != 0 || source_resistance != 0; }

  /// The currents that the charges' right sides make where no voltage changes.
  [[nodiscard]] Triple at_once(const double* b) const {
    const double to_source = gate[0] * b[3], to_drain = gate[1] * b[4], to_bulk = gate[2] * b[5];
    const double drain = drain_junction * b[6], source = source_junction * b[7];
    return {-to_drain - drain, to_source + to_drain + to_bulk, drain + source - to_bulk};
  }

  /// What currents into the terminals make fall between outside and inside.
  [[nodiscard]] Triple across(const Triple& current) const {
    const double rise = source_resistance * (current[0] + current[1] + current[2]);
    return {drain_resistance * current[0] + rise, rise, rise};
  }

  [[nodiscard]] Triple fallen(const double* b, const Triple& s) const {
    if (!has_resistances()) return {b[0], b[1], b[2]};
    const Triple fall = across(s);
    return {b[0] + fall[0], b[1] + fall[1], b[2] + fall[2]};
  }

  static Triple times(const Matrix& a, const Triple& x) {
    return {a[0] * x[0] + a[1] * x[1] + a[2] * x[2], a[3] * x[0] + a[4] * x[1] + a[5] * x[2],
            a[6] * x[0] + a[7] * x[1] + a[8] * x[2]};
  }

  Matrix inside_{};  // (1 + R G)⁻¹, where there are resistances
};

}  // namespace memspice
