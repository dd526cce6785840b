#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "generate/components.hpp"

namespace memspice::generate {

inline std::vector<std::uint32_t> degrees(std::uint32_t nodes, const std::vector<Edge>& edges) {
  std::vector<std::uint32_t> count(nodes, 0);
  for (const Edge& edge : edges) {
    ++count.at(edge.from);
    ++count.at(edge.to);
  }
  return count;
}

/// No edge joins a node to itself, no two join the same nodes.
inline bool simple(const std::vector<Edge>& edges) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  return std::all_of(edges.begin(), edges.end(), [&](const Edge& edge) {
    return edge.from != edge.to && seen.insert(std::minmax(edge.from, edge.to)).second;
  });
}

inline bool connected(std::uint32_t nodes, const std::vector<Edge>& edges) {
  return joined_by(nodes, edges).count() == 1;
}

inline bool all_equal(const std::vector<std::uint32_t>& values, std::uint32_t value) {
  return std::all_of(values.begin(), values.end(), [&](std::uint32_t v) { return v == value; });
}

}  // namespace memspice::generate
