#pragma once

#include <memory>
#include <string>
#include <vector>

#include "truth/netlist.hpp"

namespace memspice::truth {

/// The exact solution of a circuit of R, L, C, K and independent sources.
///
/// Bryant's state equations of a normal tree: charges of the tree capacitors' cutsets and fluxes of the
/// cotree inductors' loops, which are continuous whatever the sources do, loops of capacitors and sources and
/// cutsets of inductors and sources included. On every smooth piece of the sources the solution is a
/// particular one (of each exponential term of a source by one linear system) plus exp(A t) of constants,
/// ramps and the rest, all of it in some thirty digits.
class LinearOracle {
 public:
  /// Why the circuit has no unique solution; empty: it has one.
  static std::string objection(const Netlist& netlist);

  explicit LinearOracle(const Netlist& netlist);
  ~LinearOracle();

  /// Largest |Re| and |Im| of the natural frequencies, 1/s.
  [[nodiscard]] double fastest_decay() const;
  [[nodiscard]] double fastest_turn() const;
  /// One row per time, which ascend: for every element but couplings and sources its voltage, of an inductor
  /// its current. At a jump of a source the value before it with `before`, else the one after it.
  [[nodiscard]] std::vector<std::vector<double>> values(const std::vector<double>& times, bool before) const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Sets ic= of all capacitors and inductors to random values of about `voltage` and `current` that
/// Kirchhoff's laws allow at t = 0.
void draw_initial_values(Netlist& netlist, Random& random, double voltage, double current);

}  // namespace memspice::truth
