#pragma once

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

 private:
  Reading find(const Circuit& circuit, const std::vector<ElementPlace>& places, const Probe& probe);
  ElementReading current_of(const Circuit& circuit, const ElementPlace& place, std::uint32_t name) const;
};

}  // namespace memspice
