#pragma once

#include "base/disjoint_sets.hpp"
#include "equations/topology/potential_forest.hpp"

namespace memspice {

/// Throws DeckError for every group of nodes whose potential nothing determines: not connected to ground at
/// all, or, for an operating point, connected only through capacitors and current sources.
void require_paths_to_ground(const Circuit& circuit, const PotentialForest& forest, bool operating_point);

/// Whether require_paths_to_ground() has nothing to refuse; found without a forest. `joined` are nodes that
/// ties join.
[[nodiscard]] bool all_have_paths_to_ground(const Circuit& circuit, DisjointSets joined,
                                            bool operating_point);

/// One row of every group of potentials that only capacitors and controlled currents connect to ground: at
/// rest such a current may depend on the group's potential, or not.
std::vector<std::uint32_t> rows_behind_currents(const Circuit& circuit, const PotentialForest& forest);

/// Rows of the potentials that only inductors and current sources connect to ground. Their sum of inductor
/// currents is prescribed, so they follow from its derivative: index 2, and no error test may ask more of
/// them than that.
std::vector<std::uint32_t> rows_behind_inductors(const Circuit& circuit, const PotentialForest& forest);

/// By row: a number that potentials share which elements join other than through ground, and with it a scale:
/// what a voltage of one of them is worth is seen from the others.
std::vector<std::uint32_t> rows_of_one_scale(const Circuit& circuit, const PotentialForest& forest);

}  // namespace memspice
