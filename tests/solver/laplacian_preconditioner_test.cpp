#include "solver/laplacian_preconditioner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

using namespace memspice;

namespace {

Team one_thread;

using Choice = LaplacianPreconditioner::Choice;

struct Graph {
  std::size_t rows = 0;
  std::vector<std::uint32_t> plus, minus;
};

/// Two random cycles through all rows: four neighbours each, and no small separator.
Graph two_cycles(std::uint32_t rows, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Graph graph{rows, {}, {}};
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0);
  for (int cycle = 0; cycle < 2; ++cycle) {
    std::ranges::shuffle(order, random);
    for (std::uint32_t i = 0; i < rows; ++i) {
      graph.plus.push_back(order[i]);
      graph.minus.push_back(order[(i + 1) % rows]);
    }
  }
  return graph;
}

Graph lattice(std::uint32_t side) {
  Graph graph{std::size_t{side} * side, {}, {}};
  for (std::uint32_t i = 0; i < side; ++i)
    for (std::uint32_t j = 0; j < side; ++j) {
      if (j > 0) graph.plus.push_back(i * side + j), graph.minus.push_back(i * side + j - 1);
      if (i > 0) graph.plus.push_back(i * side + j), graph.minus.push_back((i - 1) * side + j);
    }
  return graph;
}

}  // namespace

TEST_CASE("conjugate gradients give the same bits for any number of threads") {
  const Graph graph = two_cycles(100000, 4);
  std::vector<double> right(3 * graph.rows), expected;
  for (std::size_t i = 3; i < right.size(); ++i) right[i] = std::sin(static_cast<double>(i * i % 1000));
  for (const std::size_t threads : {1u, 2u, 5u}) {
    Team team(threads);
    LaplacianGradients gradients(graph.rows, graph.plus, graph.minus, team);
    REQUIRE(gradients.set(std::vector<double>(graph.plus.size(), 2.0)));
    std::vector<double> x(right.size());
    gradients.solve(right, x, 1e-2);
    if (expected.empty()) expected = x;
    CHECK(x == expected);
  }
}

TEST_CASE("conjugate gradients solve a Laplacian column by column to what is asked") {
  constexpr std::size_t columns = 3;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> unit(-1, 1);
    const Graph graph = two_cycles(static_cast<std::uint32_t>(10 + 40 * seed), seed);
    std::vector<double> conductance(graph.plus.size());
    // Up to eight decades: rows that are joined as by wires, which single precision does not tell from one.
    const double decades = 1 + static_cast<double>(seed % 4);
    for (double& g : conductance) g = std::pow(10, decades * unit(random));
    LaplacianGradients gradients(graph.rows, graph.plus, graph.minus, one_thread);
    REQUIRE(gradients.set(conductance));
    std::vector<double> right(columns * graph.rows), x(right.size());
    for (std::size_t i = columns; i < right.size(); ++i)
      right[i] = std::pow(1e25, 1.0 - static_cast<double>(i % columns)) * unit(random);
    if (seed % 4 == 0)
      for (std::size_t i = 1; i < right.size(); i += columns) right[i] = 0;  // one that is nothing
    gradients.solve(right, x, 1e-2);
    std::vector<double> rest = right, diagonal(graph.rows, 0.0);
    for (std::size_t k = 0; k < graph.plus.size(); ++k) {
      diagonal[graph.plus[k]] += conductance[k];
      diagonal[graph.minus[k]] += conductance[k];
      for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t plus = columns * graph.plus[k] + c, minus = columns * graph.minus[k] + c;
        rest[plus] -= conductance[k] * (x[plus] - x[minus]);
        rest[minus] += conductance[k] * (x[plus] - x[minus]);
      }
    }
    for (std::size_t c = 0; c < columns; ++c) {
      const auto size = [&](const std::vector<double>& r) {
        double square = 0, sum = 0;
        for (std::size_t row = 1; row < graph.rows; ++row) {
          square += r[columns * row + c] * r[columns * row + c] / diagonal[row];
          sum += r[columns * row + c];
        }
        return std::sqrt(square + sum * sum / diagonal[0]);
      };
      CHECK(size(rest) <= 1.01e-2 * size(right));
      CHECK(x[c] == 0);
    }
  }
}

TEST_CASE("an expander is left to conjugate gradients, a lattice and what is small are factorised") {
  const auto chosen = [](const Graph& graph, Choice choice) {
    return LaplacianPreconditioner(graph.rows, graph.plus, graph.minus, choice, one_thread);
  };
  CHECK(chosen(lattice(60), Choice::automatic).has_factor());
  CHECK(chosen(lattice(200), Choice::automatic).has_factor());
  CHECK(chosen(two_cycles(4000, 1), Choice::automatic).has_factor());
  Graph hanging = lattice(200);  // the first row hangs at ground one_thread: it says nothing of the others
  for (std::vector<std::uint32_t>* ends : {&hanging.plus, &hanging.minus})
    for (std::uint32_t& row : *ends) row += row > 0 ? 1 : 0;
  ++hanging.rows;
  hanging.plus.push_back(1);
  hanging.minus.push_back(0);
  CHECK(chosen(hanging, Choice::automatic).has_factor());
  const LaplacianPreconditioner filled = chosen(two_cycles(9000, 1), Choice::automatic);
  CHECK_FALSE(filled.has_factor());
  CHECK(filled.reason().find("a factor would have ") == 0);
  const LaplacianPreconditioner expander = chosen(two_cycles(30000, 1), Choice::automatic);
  CHECK_FALSE(expander.has_factor());
  CHECK(expander.reason().find(" % of the nodes at one distance from the first") != std::string::npos);
  CHECK_FALSE(chosen(lattice(10), Choice::gradients).has_factor());
  CHECK(chosen(two_cycles(500, 1), Choice::factor).reason() == "asked for");
}
