#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "generate/crossbar.hpp"
#include "generate/nanowires.hpp"
#include "graph_checks.hpp"

using namespace memspice;
using namespace memspice::generate;

namespace {

std::vector<Edge> every_crossing(const std::vector<Wire>& wires) {
  std::vector<Edge> found;
  for (std::uint32_t a = 0; a < wires.size(); ++a)
    for (std::uint32_t b = a + 1; b < wires.size(); ++b)
      if (cross(wires[a], wires[b])) found.push_back({a, b});
  return found;
}

}  // namespace

TEST_CASE("two segments cross where they share an inner point") {
  const Wire diagonal{0.1, 0.1, 0.9, 0.9};
  CHECK(cross(diagonal, {0.1, 0.9, 0.9, 0.1}));
  CHECK(cross({0.1, 0.9, 0.9, 0.1}, diagonal));
  CHECK_FALSE(cross(diagonal, {0.1, 0.2, 0.8, 0.9}));  // parallel
  CHECK_FALSE(cross(diagonal, {0.6, 0.5, 0.9, 0.2}));  // its line crosses, it does not
  CHECK_FALSE(cross(diagonal, {0.0, 0.1, 0.1, 0.0}));
}

TEST_CASE("the cells find the same crossings as looking at every pair") {
  for (const double length : {0.02, 0.11, 0.3, 0.7, 1.4}) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      RandomStream random(seed, "graph");
      const std::vector<Wire> wires = scatter_wires(400, length, random);
      const std::vector<Edge> found = crossings(wires, length);
      CHECK(found == every_crossing(wires));
      CHECK(found.size() > 2);
    }
  }
}

TEST_CASE("wires lie in the box, have their length or end at a side, and point everywhere") {
  RandomStream random(5, "graph");
  constexpr double length = 0.2;
  int cut = 0, steep = 0, left = 0, right = 0;
  const std::vector<Wire> wires = scatter_wires(20'000, length, random);
  for (const Wire& wire : wires) {
    const auto inside = [](double x) { return x >= 0 && x <= 1; };
    REQUIRE((inside(wire.x0) && inside(wire.y0) && inside(wire.x1) && inside(wire.y1)));
    const double dx = wire.x1 - wire.x0, dy = wire.y1 - wire.y0;
    steep += std::abs(dy) > std::abs(dx) ? 1 : 0;
    left += wire.touches_left() ? 1 : 0;
    right += wire.touches_right() ? 1 : 0;
    if (std::hypot(dx, dy) > length * (1 - 1e-12)) continue;
    const auto at_side = [](double x) { return x == 0 || x == 1; };
    REQUIRE((at_side(wire.x0) || at_side(wire.y0) || at_side(wire.x1) || at_side(wire.y1)));
    ++cut;
  }
  CHECK(std::abs(steep - 10'000) < 5 * std::sqrt(5'000.0));
  // A wire reaches a side with probability L/pi, were there no corners.
  const double reaching = 20'000 * length / std::numbers::pi;
  CHECK(std::abs(left / reaching - 1) < 0.15);
  CHECK(std::abs(right / reaching - 1) < 0.15);
  CHECK(cut > left + right);
}

TEST_CASE("wires have about N^2 L^2 / pi crossings") {
  RandomStream random(6, "graph");
  const double length = 0.02;
  const double expected = 20'000.0 * 20'000.0 * length * length / std::numbers::pi;
  const auto found = static_cast<double>(crossings(scatter_wires(20'000, length, random), length).size());
  CHECK(std::abs(found / expected - 1) < 0.03);  // those lost at the sides are part of it
}

TEST_CASE("electrodes are in contact with the wires that reach their side") {
  // Two wires from side to side that cross, and one in the middle that crosses one of them.
  const std::vector<Wire> wires{{0, 0.2, 1, 0.8}, {0, 0.8, 1, 0.2}, {0.1, 0.1, 0.3, 0.5}};
  const Network network = nanowire_network(wires, 1.2, true, 25);
  CHECK(network.nodes == 5);
  CHECK(network.memristors == std::vector<Edge>{{1, 2}, {1, 3}});
  CHECK(network.resistors == std::vector<Edge>{{4, 1}, {4, 2}, {1, 0}, {2, 0}});
  CHECK(network.resistance == 25);
  CHECK(network.terminals == std::vector<std::uint32_t>{4});
  const Network bare = nanowire_network(wires, 1.2, false, 25);
  CHECK(bare.nodes == 3);
  CHECK(bare.resistors.empty());
  CHECK(bare.memristors == std::vector<Edge>{{0, 1}, {0, 2}});
}

TEST_CASE("a crossbar has a memristor at every crossing and a resistor for every piece of wire") {
  const std::uint32_t rows = 3, columns = 5;
  const auto all_edges = [](const Network& network) {
    std::vector<Edge> edges = network.memristors;
    edges.insert(edges.end(), network.resistors.begin(), network.resistors.end());
    return edges;
  };
  struct Case {
    Drive drive;
    std::size_t heads, feet;
  };
  for (const auto& [drive, heads, feet] :
       {Case{Drive::rows, 3, 5}, {Drive::port, 1, 1}, {Drive::all, 0, 5}}) {
    const Network real = crossbar(rows, columns, 2, drive);
    CHECK(real.memristors.size() == 15);
    CHECK(real.resistors.size() == rows * (columns - 1) + columns * (rows - 1) + heads + feet);
    CHECK(real.nodes == 1 + 2 * 15 + heads);
    CHECK(real.terminals.size() == heads);
    CHECK(simple(all_edges(real)));
    CHECK(connected(real.nodes, all_edges(real)));
    const Network ideal = crossbar(rows, columns, 0, drive);
    CHECK(ideal.memristors.size() == 15);
    CHECK(ideal.resistors.empty());
    CHECK(ideal.nodes == 1 + rows + (columns - feet));
    CHECK(connected(ideal.nodes, ideal.memristors));
  }
}
