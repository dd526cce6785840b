#pragma once

#include <span>
#include <vector>

#include "base/disjoint_sets.hpp"
#include "equations/topology/potential_forest.hpp"

namespace memspice {

/// What is left of the search for loops.
struct TiedNodes {
  DisjointSets joined;    // nodes whose potentials differ by what is known
  std::vector<Tie> idle;  // short circuits that closed a loop of short circuits
};

/// Throws DeckError naming the elements of a loop of voltage sources, or of sources and of what is a short
/// circuit: the current in it is infinite or undetermined. `ties` are all the independent ones, whether their
/// currents are unknowns or not. Controlled voltage sources count where no expression reads a current of the
/// loop, which could determine it. At rest a lossless line counts too: it makes the voltages of its ports
/// equal.
///
/// Loops of nothing but short circuits are no mistake; their circulating currents count as 0. Returned is one
/// element of each: a short circuit or a line.
TiedNodes find_idle_shorts(const Circuit& circuit, std::span<const Tie> ties, bool at_rest);

}  // namespace memspice
