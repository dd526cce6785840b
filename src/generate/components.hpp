#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/disjoint_sets.hpp"
#include "generate/network.hpp"

namespace memspice::generate {

/// The sets of nodes that these edges connect.
DisjointSets joined_by(std::uint32_t nodes, std::span<const Edge> edges);

bool connected(const Network& network, std::uint32_t a, std::uint32_t b);

/// Keeps the part of the network that is connected to `node` and numbers its nodes anew, in their order;
/// counts what is lost.
void keep_component_of(Network& network, std::uint32_t node);
/// A node of the largest component, the smallest one of the first.
std::uint32_t node_of_largest_component(const Network& network);

/// A node at the largest distance from node 0, counted in elements of a connected network; the first of them.
std::uint32_t farthest_node(const Network& network);

/// Indices of the memristors that close a loop with elements before them: each lies on a cycle.
std::vector<std::uint32_t> chords(const Network& network);

}  // namespace memspice::generate
