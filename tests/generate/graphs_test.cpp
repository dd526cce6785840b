#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>

#include "generate/edge_set.hpp"
#include "generate/lattices.hpp"
#include "generate/random_graphs.hpp"
#include "graph_checks.hpp"

using namespace memspice;
using namespace memspice::generate;

TEST_CASE("regular lattices have as many edges as their closed forms say, are simple and connected") {
  const auto check = [](std::uint32_t nodes, const std::vector<Edge>& edges, std::size_t expected) {
    CHECK(edges.size() == expected);
    CHECK(simple(edges));
    CHECK(connected(nodes, edges));
  };
  for (const std::uint32_t n : {3u, 4u, 17u}) {
    check(n, ring(n), n);
    CHECK(all_equal(degrees(n, ring(n)), 2));
    check(n, complete(n), n * (n - 1) / 2);
    CHECK(all_equal(degrees(n, complete(n)), n - 1));
  }
  for (const auto& [rows, columns] : {std::pair{2u, 2u}, {3u, 5u}, {7u, 4u}}) {
    check(rows * columns, grid(rows, columns), 2 * rows * columns - rows - columns);
    if (rows < 3) continue;
    check(rows * columns, torus(rows, columns), 2 * rows * columns);
    CHECK(all_equal(degrees(rows * columns, torus(rows, columns)), 4));
  }
  check(20, grid(2, 10), 3 * 10 - 2);  // a ladder of ten rungs
}

TEST_CASE("a set of edges knows what was put in and taken out, like the standard one") {
  EdgeSet set(200);
  std::set<std::pair<std::uint32_t, std::uint32_t>> expected;
  RandomStream random(1, "test");
  for (int i = 0; i < 20'000; ++i) {
    const std::uint32_t a = random.below(25);
    const std::uint32_t b = (a + 1 + random.below(24)) % 25;
    const std::pair<std::uint32_t, std::uint32_t> key = std::minmax(a, b);
    if (expected.size() < 200 && random.below(2) == 0) {
      REQUIRE(set.insert(a, b) == expected.insert(key).second);
    } else {
      set.erase(a, b);
      expected.erase(key);
    }
    const std::uint32_t c = random.below(24);
    REQUIRE(set.contains(24, c) == expected.contains({c, 24}));
  }
}

TEST_CASE("Erdős–Rényi graphs have the binomial number of edges, within five sigma, and are simple") {
  for (const double probability : {0.001, 0.02, 0.3, 0.97}) {
    const std::uint32_t n = 400;
    const double pairs = 0.5 * n * (n - 1);
    double edges = 0;
    constexpr std::uint64_t graphs = 20;
    for (std::uint64_t seed = 0; seed < graphs; ++seed) {
      RandomStream random(seed, "graph");
      const std::vector<Edge> drawn = erdos_renyi(n, probability, random);
      REQUIRE(simple(drawn));
      edges += static_cast<double>(drawn.size());
    }
    CHECK(std::abs(edges - graphs * pairs * probability) <
          5 * std::sqrt(graphs * pairs * probability * (1 - probability)));
  }
  RandomStream random(1, "graph");
  CHECK(erdos_renyi(6, 1, random) == complete(6));
  CHECK(erdos_renyi(6, 1e-300, random).empty());
}

TEST_CASE("in Erdős–Rényi graphs every pair of nodes is equally likely") {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> count;
  constexpr int graphs = 4'000;
  for (std::uint64_t seed = 0; seed < graphs; ++seed) {
    RandomStream random(seed, "graph");
    for (const Edge& edge : erdos_renyi(5, 0.4, random)) ++count[{edge.from, edge.to}];
  }
  CHECK(count.size() == 10);
  for (const auto& [pair, n] : count) CHECK(std::abs(n - 0.4 * graphs) < 5 * std::sqrt(0.24 * graphs));
}

TEST_CASE("regular graphs are simple, connected, and every node has the degree") {
  for (const auto& [n, degree] : {std::pair{4u, 3u},
                                  {6u, 3u},
                                  {7u, 4u},
                                  {10u, 3u},
                                  {10u, 5u},
                                  {11u, 8u},
                                  {50u, 48u},
                                  {200u, 3u},
                                  {200u, 60u},
                                  {201u, 100u},
                                  {1000u, 4u}}) {
    CAPTURE(n);
    CAPTURE(degree);
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      RandomStream random(seed, "graph");
      const std::vector<Edge> edges = random_regular(n, degree, random);
      REQUIRE(simple(edges));
      REQUIRE(connected(n, edges));
      REQUIRE(all_equal(degrees(n, edges), degree));
    }
  }
}

TEST_CASE("the Watts–Strogatz graph without rewiring is the ring lattice") {
  RandomStream random(1, "graph");
  const std::vector<Edge> edges = watts_strogatz(20, 6, 0, random);
  CHECK(edges.size() == 60);
  CHECK(simple(edges));
  for (const Edge& edge : edges) {
    const std::uint32_t around = (edge.to + 20 - edge.from) % 20;
    CHECK(around >= 1);
    CHECK(around <= 3);
  }
}

TEST_CASE("rewiring keeps the number of edges and moves about the fraction that was asked for") {
  const std::uint32_t n = 2'000;
  for (const double rewire : {0.05, 0.5, 1.0}) {
    RandomStream random(7, "graph"), none(7, "graph");
    const std::vector<Edge> lattice = watts_strogatz(n, 6, 0, none);
    const std::vector<Edge> edges = watts_strogatz(n, 6, rewire, random);
    CHECK(edges.size() == lattice.size());
    CHECK(simple(edges));
    double moved = 0;
    for (std::size_t k = 0; k < edges.size(); ++k) moved += edges[k] == lattice[k] ? 0 : 1;
    const double expected = rewire * static_cast<double>(edges.size());
    CHECK(std::abs(moved - expected) <= 5 * std::sqrt(expected * (1 - rewire)));
  }
  RandomStream random(1, "graph");
  CHECK(simple(watts_strogatz(5, 4, 1, random)));  // nowhere to move to
}

TEST_CASE("Barabási–Albert graphs are simple and connected, with an exact number of edges") {
  for (const auto& [n, links] : {std::pair{3u, 1u}, {3u, 2u}, {500u, 1u}, {500u, 2u}, {500u, 7u}}) {
    RandomStream random(1, "graph");
    const std::vector<Edge> edges = barabasi_albert(n, links, random);
    CHECK(edges.size() == links * (links + 1) / 2 + (n - links - 1) * links);
    CHECK(simple(edges));
    CHECK(connected(n, edges));
    const std::vector<std::uint32_t> degree = degrees(n, edges);
    CHECK(*std::min_element(degree.begin(), degree.end()) == links);
  }
}

TEST_CASE("degrees of a Barabási–Albert graph fall off as 2m(m+1)/k(k+1)(k+2)") {
  const std::uint32_t n = 50'000, m = 2;
  RandomStream random(3, "graph");
  std::map<std::uint32_t, double> nodes;
  std::uint32_t largest = 0;
  for (const std::uint32_t degree : degrees(n, barabasi_albert(n, m, random))) {
    ++nodes[degree];
    largest = std::max(largest, degree);
  }
  for (const std::uint32_t k : {2u, 3u, 4u, 6u, 10u}) {
    const double expected = n * 2.0 * m * (m + 1) / (k * (k + 1.0) * (k + 2.0));
    CHECK(std::abs(nodes[k] / expected - 1) < 5 / std::sqrt(expected) + 0.01);
  }
  CHECK(largest > 200);  // of a graph with the same mean degree but without preference it is about 15
}
