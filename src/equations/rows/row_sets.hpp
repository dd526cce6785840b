#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "equations/rows/controlled_sources.hpp"
#include "equations/rows/coupled_inductors.hpp"
#include "equations/rows/integrals.hpp"
#include "equations/rows/kept_sources.hpp"
#include "equations/rows/lines.hpp"
#include "equations/rows/powers.hpp"
#include "equations/rows/short_circuits.hpp"
#include "equations/rows/switches.hpp"
#include "equations/rows/taps.hpp"
#include "equations/rows/tiny_resistors.hpp"

namespace memspice {

/// The row sets of a circuit, one a kind of element, and what connects them: the expressions that read them.
struct RowSets {
  /// `places` may be empty where the circuit has no element of these kinds. `at_rest`: the operating point,
  /// where inductors, coupled or not, are short circuits and lines join their ports.
  RowSets(const Circuit& circuit, bool at_rest, const CutSets& cut_sets, const TinyResistances& tiny,
          const std::vector<ElementPlace>& places);
  RowSets(const RowSets&) = delete;
  RowSets& operator=(const RowSets&) = delete;

  RowNumbers numbers;
  Expressions expressions;
  // In the order in which they number their rows.
  CoupledInductors inductors;
  TinyResistors resistors;
  Switches switches;
  ControlledSources controlled_sources;
  Lines lines;
  Integrals integrals;
  KeptSources sources;
  ShortCircuits short_circuits;
  Powers powers;
  Taps taps;
  /// In the order in which their loads are numbered and everything is added up. Of a device the first set
  /// that has its current tells it: taps can read any.
  const std::array<RowSet*, 10> all{&inductors, &resistors, &controlled_sources, &switches, &lines,
                                    &integrals, &sources,   &short_circuits,     &powers,   &taps};

  // Along a transient, what elements with a memory of their own remember (lines).
  /// The point at t = 0: what they carry before the transient begins; y is made to fit that.
  void begin(const AuxiliaryPoint& at, bool use_initial_conditions, double* y) {
    for (RowSet* set : all) set->begin(at, use_initial_conditions, y);
  }
  /// A point of the transient.
  void note(const AuxiliaryPoint& at) {
    for (RowSet* set : all) set->note(at);
  }
  /// The values just behind a corner.
  void note_corner(const AuxiliaryPoint& at, const ErrorWeights& weights) {
    for (RowSet* set : all) set->note_corner(at, weights);
  }
  /// Whether the equations are linear between events: no expressions, products or delays stand in them.
  [[nodiscard]] bool are_linear() const {
    ExpressionPlaces places;
    for (const RowSet* set : all) set->find_expressions(false, places);
    return places.programs.empty() && places.powers.empty() && lines.count() == 0;
  }
  /// First arrival of a jump later than t, s; infinity: none is under way.
  [[nodiscard]] double next_breakpoint(double t) const {
    double next = infinity;
    for (const RowSet* set : all) next = std::min(next, set->next_breakpoint(t));
    return next;
  }

 private:
  Reading find(const Circuit& circuit, const std::vector<ElementPlace>& places, const Probe& probe);
  ElementReading current_of(const Circuit& circuit, const ElementPlace& place, std::uint32_t name) const;
};

}  // namespace memspice
