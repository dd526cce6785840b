#include "solver/thin_factor.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "support/approx.hpp"

using namespace memspice;

namespace {

/// The ThinLaplacian of a graph, each edge with a conductance of its own, and a conductance to ground at each
/// node.
struct ThinLaplacian {
  std::vector<std::int32_t> columns{0}, rows;
  std::vector<double> values;

  ThinLaplacian(std::int32_t nodes, const std::set<std::pair<std::int32_t, std::int32_t>>& edges,
                double to_ground) {
    std::vector<std::vector<std::pair<std::int32_t, double>>> entries(nodes);
    std::vector<double> diagonal(nodes, to_ground);
    for (const auto& [a, b] : edges) {
      const double g = 1 + std::sin(3.0 * a + 5.0 * b) * 0.9;
      entries[a].emplace_back(b, -g);
      entries[b].emplace_back(a, -g);
      diagonal[a] += g;
      diagonal[b] += g;
    }
    for (std::int32_t j = 0; j < nodes; ++j) {
      entries[j].emplace_back(j, diagonal[j]);
      std::ranges::sort(entries[j]);
      for (const auto& [row, value] : entries[j]) {
        rows.push_back(row);
        values.push_back(value);
      }
      columns.push_back(static_cast<std::int32_t>(rows.size()));
    }
  }
  /// Largest |x - A⁻¹ A x| of one x.
  [[nodiscard]] double error_of_solution(ThinFactor& factor) const {
    std::vector<double> x(columns.size() - 1), found(x.size(), 0.0);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(1.0 + 7.0 * static_cast<double>(i));
    for (std::size_t j = 0; j < x.size(); ++j)
      for (std::int32_t e = columns[j]; e < columns[j + 1]; ++e) found[rows[e]] += values[e] * x[j];
    factor.solve(found.data());
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(found[i] - x[i]));
    return worst;
  }
};

using EdgeSet = std::set<std::pair<std::int32_t, std::int32_t>>;

EdgeSet path_of(std::int32_t nodes) {
  EdgeSet edges;
  for (std::int32_t i = 0; i + 1 < nodes; ++i) edges.emplace(i, i + 1);
  return edges;
}

/// Every node joined with one before it, chosen anyhow.
EdgeSet tree_of(std::int32_t nodes) {
  EdgeSet edges;
  for (std::int32_t i = 1; i < nodes; ++i)
    edges.emplace(static_cast<std::int32_t>(static_cast<std::uint32_t>(i) * 2654435761u % i), i);
  return edges;
}

/// A path, and chords of it from one end of an eighth of its nodes to nodes chosen anyhow.
EdgeSet path_with_chords(std::int32_t nodes) {
  EdgeSet edges = path_of(nodes);
  for (std::int32_t i = 0; i + 2 < nodes; i += 8) {
    const auto other = static_cast<std::int32_t>(static_cast<std::uint32_t>(i + 1) * 2654435761u % nodes);
    if (std::abs(other - i) > 1) edges.emplace(std::min(i, other), std::max(i, other));
  }
  return edges;
}

void check_thin(const ThinLaplacian& matrix) {
  ThinFactor factor(matrix.columns, matrix.rows, matrix.values);
  REQUIRE(factor.is_thin());
  CHECK(factor.entries() <= 4 * static_cast<double>(matrix.columns.size() - 1));
  CHECK(factor.flops() >= factor.entries());
  for (int time = 0; time < 2; ++time) {
    REQUIRE(factor.factorise());
    CHECK(matrix.error_of_solution(factor) < 1e-12);
  }
}

}  // namespace

TEST_CASE("chains, rings, stars, trees and networks of few meshes have thin factors, which solve") {
  for (const std::int32_t nodes : {1, 2, 3, 10, 1000}) {
    CAPTURE(nodes);
    check_thin(ThinLaplacian(nodes, path_of(nodes), 0.1));
    check_thin(ThinLaplacian(nodes, tree_of(nodes), 0.1));
  }
  EdgeSet ring = path_of(500), star;
  ring.emplace(0, 499);
  for (std::int32_t i = 1; i < 500; ++i) star.emplace(0, i);
  check_thin(ThinLaplacian(500, ring, 0.1));
  check_thin(ThinLaplacian(500, star, 0.1));
  check_thin(ThinLaplacian(200, path_with_chords(200), 0.1));
}

TEST_CASE("any sparse graph is ordered to its end, and what is thin solves") {
  int thin = 0;
  for (std::uint32_t seed = 1; seed <= 3000; ++seed) {
    std::mt19937 random(seed);
    const auto nodes = static_cast<std::int32_t>(1 + random() % 40);
    EdgeSet edges;
    for (std::int32_t i = 1; i < nodes; ++i)
      if (random() % 8 > 0) edges.emplace(static_cast<std::int32_t>(random() % static_cast<unsigned>(i)), i);
    const auto clique =
        static_cast<std::int32_t>(random() % 8);  // all of whose nodes have as many neighbours
    for (std::int32_t a = 0; a < std::min(clique, nodes); ++a)
      for (std::int32_t b = a + 1; b < std::min(clique, nodes); ++b) edges.emplace(a, b);
    CAPTURE(seed);
    const ThinLaplacian matrix(nodes, edges, 0.1);
    ThinFactor factor(matrix.columns, matrix.rows, matrix.values);
    if (!factor.is_thin()) continue;
    ++thin;
    REQUIRE(factor.factorise());
    CHECK(matrix.error_of_solution(factor) < 1e-10);
  }
  CHECK(thin > 1500);
}

TEST_CASE("the determinant of a chain follows from its recurrence") {
  constexpr std::int32_t nodes = 300;
  const ThinLaplacian matrix(nodes, path_of(nodes), 0.1);
  ThinFactor factor(matrix.columns, matrix.rows, matrix.values);
  REQUIRE(factor.factorise());
  double logarithm = 0, pivot = 1, beside = 0;
  for (std::int32_t j = 0; j < nodes; ++j) {
    const std::int32_t diagonal = matrix.columns[j] + (j > 0 ? 1 : 0);
    pivot = matrix.values[diagonal] - beside * beside / pivot;
    beside = j + 1 < nodes ? matrix.values[diagonal + 1] : 0;
    logarithm += std::log(pivot);
  }
  CHECK(factor.log_determinant() == testing::approx(logarithm).epsilon(1e-12));
}

TEST_CASE("grids, and large networks whose factors fill in, are not thin") {
  EdgeSet grid;
  for (std::int32_t i = 0; i < 100; ++i) {
    if (i % 10 < 9) grid.emplace(i, i + 1);
    if (i < 90) grid.emplace(i, i + 10);
  }
  const ThinLaplacian dense(100, grid, 0.1);
  CHECK(!ThinFactor(dense.columns, dense.rows, dense.values).is_thin());
  const ThinLaplacian filling(40000, path_with_chords(40000), 0.1);
  REQUIRE(filling.rows.size() < 3.25 * 40000);  // so that it is the factor that decides
  CHECK(!ThinFactor(filling.columns, filling.rows, filling.values).is_thin());
}

TEST_CASE("values that are not positive definite, or no numbers, are refused, and the next ones factorised") {
  ThinLaplacian matrix(50, tree_of(50), 0.1);
  ThinFactor factor(matrix.columns, matrix.rows, matrix.values);
  const std::vector<double> definite = matrix.values;
  for (const double bad : {-1.0, 0.0, std::nan("")}) {
    std::ranges::copy(definite, matrix.values.begin());
    std::ranges::fill(matrix.values, bad);
    CHECK(!factor.factorise());
    std::ranges::copy(definite, matrix.values.begin());
    REQUIRE(factor.factorise());
    CHECK(matrix.error_of_solution(factor) < 1e-12);
  }
}

TEST_CASE("exactly singular Laplacians of trees and rings are refused") {
  for (const std::int32_t nodes : {2, 3, 10, 300, 3000}) {
    for (const bool closed : {false, true}) {
      EdgeSet edges = closed ? path_of(nodes) : tree_of(nodes);
      if (closed) edges.emplace(0, nodes - 1);
      const ThinLaplacian matrix(nodes, edges, 0);
      ThinFactor factor(matrix.columns, matrix.rows, matrix.values);
      CAPTURE(nodes);
      CHECK(!factor.factorise());
    }
  }
}
