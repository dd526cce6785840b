#pragma once

#include <cstdint>
#include <vector>

#include "generate/network.hpp"

namespace memspice::generate {

/// n >= 3 nodes, each joined to the next, the last to the first; all edges point the same way around.
std::vector<Edge> ring(std::uint32_t n);
/// Every two of n nodes.
std::vector<Edge> complete(std::uint32_t n);
/// Node row * columns + column and its neighbours to the right and below.
std::vector<Edge> grid(std::uint32_t rows, std::uint32_t columns);
/// A grid whose rows and columns, three of each at least, are closed to rings.
std::vector<Edge> torus(std::uint32_t rows, std::uint32_t columns);

}  // namespace memspice::generate
