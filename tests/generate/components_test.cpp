#include <doctest/doctest.h>

#include "generate/components.hpp"
#include "generate/lattices.hpp"
#include "graph_checks.hpp"

using namespace memspice;
using namespace memspice::generate;

namespace {

Network of(std::uint32_t nodes, std::vector<Edge> edges) {
  Network network;
  network.nodes = nodes;
  network.memristors = std::move(edges);
  return network;
}

}  // namespace

TEST_CASE("of several parts the largest is kept, in its order, and the loss is counted") {
  // 0-3, a triangle 1-4-5 with a tail 6, and 2 alone
  Network network = of(7, {{0, 3}, {1, 4}, {4, 5}, {5, 1}, {5, 6}});
  keep_component_of(network, node_of_largest_component(network));
  CHECK(network.nodes == 4);
  CHECK(network.memristors == std::vector<Edge>{{0, 1}, {1, 2}, {2, 0}, {2, 3}});
  CHECK(network.lost_nodes == 3);
  CHECK(network.lost_memristors == 1);
  CHECK(network.loops() == 1);
}

TEST_CASE("resistors connect, are kept with what they connect, and terminals are renumbered") {
  Network network = of(6, {{2, 3}, {1, 4}});
  network.resistors = {{0, 2}, {5, 3}, {4, 1}};
  network.terminals = {5};
  CHECK(connected(network, 5, 0));
  CHECK_FALSE(connected(network, 5, 1));
  keep_component_of(network, 0);
  CHECK(network.nodes == 4);
  CHECK(network.memristors == std::vector<Edge>{{1, 2}});
  CHECK(network.resistors == std::vector<Edge>{{0, 1}, {3, 2}});
  CHECK(network.terminals == std::vector<std::uint32_t>{3});
}

TEST_CASE("the farthest node of a ring is opposite, of a grid in the other corner") {
  CHECK(farthest_node(of(10, ring(10))) == 5);
  CHECK(farthest_node(of(9, ring(9))) == 4);
  CHECK(farthest_node(of(12, grid(3, 4))) == 11);
  CHECK(farthest_node(of(5, complete(5))) == 1);
}

TEST_CASE("there are as many chords as independent loops, and each lies on one") {
  const Network network = of(20, grid(4, 5));
  const std::vector<std::uint32_t> found = chords(network);
  CHECK(found.size() == network.loops());
  for (const std::uint32_t chord : found) {
    std::vector<Edge> rest = network.memristors;
    rest.erase(rest.begin() + chord);
    CHECK(connected(20, rest));
  }
  CHECK(chords(of(4, {{0, 1}, {1, 2}, {1, 3}})).empty());
}
