#pragma once

#include <cstdint>
#include <vector>

#include "generate/network.hpp"
#include "random/random_stream.hpp"

namespace memspice::generate {

// Simple graphs of n nodes: no edge joins a node to itself, no two join the same nodes.

/// Erdős–Rényi: each pair is joined with a probability in (0, 1]; time in proportion to the edges.
std::vector<Edge> erdos_renyi(std::uint32_t n, double probability, RandomStream& random);

/// Connected, every node with `degree` edges; 3 <= degree < n, n * degree even. Stubs are paired at random,
/// and pairs that would be loops or doubles exchange an end with random others.
std::vector<Edge> random_regular(std::uint32_t n, std::uint32_t degree, RandomStream& random);

/// Watts–Strogatz: a ring in which every node is joined to its `degree` nearest (even, >= 2, < n); then the
/// far end of every edge moves, with a probability, to a random node.
std::vector<Edge> watts_strogatz(std::uint32_t n, std::uint32_t degree, double rewire, RandomStream& random);

/// Barabási–Albert: a complete graph of links + 1 nodes grows by nodes that are joined to `links` different
/// ones, chosen with probabilities in proportion to their degrees; 1 <= links < n. Connected.
std::vector<Edge> barabasi_albert(std::uint32_t n, std::uint32_t links, RandomStream& random);

}  // namespace memspice::generate
