#include "generate/lattices.hpp"

namespace memspice::generate {

std::vector<Edge> ring(std::uint32_t n) {
  std::vector<Edge> edges;
  edges.reserve(n);
  for (std::uint32_t i = 0; i < n; ++i) edges.push_back({i, (i + 1) % n});
  return edges;
}

std::vector<Edge> complete(std::uint32_t n) {
  std::vector<Edge> edges;
  edges.reserve(std::size_t{n} * (n - 1) / 2);
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = i + 1; j < n; ++j) edges.push_back({i, j});
  return edges;
}

std::vector<Edge> grid(std::uint32_t rows, std::uint32_t columns) {
  std::vector<Edge> edges;
  edges.reserve(2 * std::size_t{rows} * columns);
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      const std::uint32_t node = r * columns + c;
      if (c + 1 < columns) edges.push_back({node, node + 1});
      if (r + 1 < rows) edges.push_back({node, node + columns});
    }
  }
  return edges;
}

std::vector<Edge> torus(std::uint32_t rows, std::uint32_t columns) {
  std::vector<Edge> edges;
  edges.reserve(2 * std::size_t{rows} * columns);
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      const std::uint32_t node = r * columns + c;
      edges.push_back({node, r * columns + (c + 1) % columns});
      edges.push_back({node, (r + 1) % rows * columns + c});
    }
  }
  return edges;
}

}  // namespace memspice::generate
