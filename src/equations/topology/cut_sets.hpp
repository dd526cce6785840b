#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice {

/// Cut sets of inductors and current sources: they alone lead from a group of nodes to the others.
struct CutSets {
  std::vector<std::uint32_t> group_of;  // by node, equal within a group; that of ground's group is 0;
                                        // empty where there is nothing that is a short at rest
  struct Inductor {
    std::uint32_t group = 0;  // of devices
    std::uint32_t instance = 0;
  };
  std::vector<Inductor> inductors;  // between groups
};

CutSets find_cut_sets(const Circuit& circuit);

}  // namespace memspice
