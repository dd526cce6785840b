#pragma once

#include <cstdint>
#include <span>

#include "equations/topology/potential_forest.hpp"
#include "memspice/circuit.hpp"

namespace memspice {

/// A point at which the auxiliary equations are evaluated, with what the sources are there.
struct AuxiliaryPoint {
  double t = 0;  // s
  const double* y = nullptr;
  const double* derivative = nullptr;
  bool hold = false;  // nothing changes in time: derivatives are 0, integrals keep their initial values
  std::span<const double> offset;          // V, by node
  std::span<const double> source_voltage;  // V, by voltage source
  std::span<const double> source_current;  // A, by current source
  double factor = 1;                       // of behavioural sources (source stepping)
  double inside = 0;  // s: a time within the smooth segment, which chooses between the two limits at its ends
  double elapsed = -1;   // s, as in EvaluationPoint
  double frequency = 0;  // Hz: what `hertz` stands for
};

/// In place of a row: there is none.
inline constexpr std::uint32_t no_row = 0xffffffffu;

/// The nodes between which an element lies, or a voltage is read, and the rows of their potentials.
struct Ends {
  NodeId plus = ground;
  NodeId minus = ground;
  std::uint32_t plus_row = 0;  // once attached
  std::uint32_t minus_row = 0;

  void attach(const PotentialForest& forest) {
    plus_row = forest.row(plus);
    minus_row = forest.row(minus);
  }
  /// V, from plus to minus.
  [[nodiscard]] double voltage(const AuxiliaryPoint& at) const {
    return at.y[plus_row] - at.y[minus_row] + at.offset[plus] - at.offset[minus];
  }
};

}  // namespace memspice
