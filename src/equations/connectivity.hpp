#pragma once

#include "equations/potential_forest.hpp"

namespace memspice {

/// Throws DeckError for every group of nodes whose potential nothing determines: not connected to ground at
/// all, or, for an operating point, connected only through capacitors and current sources.
void require_paths_to_ground(const Circuit& circuit, const PotentialForest& forest, bool operating_point);

}  // namespace memspice
