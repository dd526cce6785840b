#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "network/memristive_flow.hpp"
#include "support/approx.hpp"
#include "support/random_network.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::Network;
using memspice::testing::Random;

namespace {

FixedPointReport fixed_point_of(const std::string& body) {
  const testing::DeckRun result = testing::run_deck(body);
  REQUIRE(result.report.fixed_points.size() == 1);
  return result.report.fixed_points[0];
}

}  // namespace

TEST_CASE("the fixed point of a ring solves α β N w (1 + ξ w) = s") {
  const FixedPointReport report = fixed_point_of(
      "V1 a 0 3\nY1 a b m w0=0.3\nY2 b c m w0=0.3\nY3 c 0 m w0=0.3\n"
      ".model m memristor ron=100 roff=1600 alpha=1 beta=2\n.fixedpoint\n");
  const double expected = (-6 + std::sqrt(36.0 + 4 * 90 * 3)) / 180;
  REQUIRE(report.states.size() == 3);
  for (const auto& [name, w] : report.states) CHECK(w == testing::approx(expected).epsilon(1e-12));
  CHECK(report.held.empty());
  CHECK(report.method == "newton");
}

TEST_CASE("at a fixed point every state rests, or is pressed against its bound, on 400 random networks") {
  Random random(611);
  int held = 0;
  int interior = 0;
  for (int count = 0; count < 400; ++count) {
    Network network = testing::random_network(random, 3 + random.below(4), 1 + random.below(5), 1);
    for (Network::Branch& branch : network.branches) branch.alpha = random.uniform(0.1, 1);
    const Circuit circuit = testing::circuit_of(network.deck() + ".fixedpoint\n");
    const RunReport run = testing::try_circuit(circuit).report;
    const FixedPointReport& report = run.fixed_points.at(0);
    CAPTURE(network.deck());
    CHECK(report.converged);
    network::MemristiveFlow flow(circuit, network::branch_network(circuit, ".fixedpoint", {}));
    flow.set_sources([](const network::BranchNetwork::SourceBranch& source) { return source.dc; });
    std::vector<double> w;
    for (const std::uint32_t name : flow.network().memristor_names) {
      const std::string state = fmt::format("w({})", circuit.element_names[name]);
      w.push_back(std::ranges::find(report.states, state, [](const auto& s) { return s.first; })->second);
    }
    REQUIRE(flow.solve(w));
    std::vector<double> rates(w.size());
    flow.rates(w, rates);
    for (std::size_t k = 0; k < w.size(); ++k) {
      CHECK(w[k] >= 0);
      CHECK(w[k] <= 1);
      if (w[k] == 1) {
        CHECK(rates[k] >= -1e-9);
        ++held;
      } else if (w[k] == 0) {
        CHECK(rates[k] <= 1e-9);
        ++held;
      } else {
        CHECK(std::abs(rates[k]) < 1e-8);
        ++interior;
      }
    }
  }
  CHECK(held > 50);
  CHECK(interior > 50);
}

TEST_CASE("from=end starts where the transient ended, with the sources as they were then") {
  const std::string elements =
      "V1 a 0 PWL(0 0 1 3)\nY1 a b m w0=0.1\nY2 b 0 m w0=0.1\n"
      ".model m memristor ron=100 roff=1600 alpha=1 beta=2\n.tran 1m 2\n";
  const FixedPointReport end = fixed_point_of(elements + ".fixedpoint from=end\n");
  CHECK(end.from == "end");
  // 3 V drive both states to 0 against the decay's 0; at the operating point, 0 V, w = 0 is the fixed point.
  const FixedPointReport start = fixed_point_of(elements + ".fixedpoint\n");
  for (const auto& [name, w] : start.states) CHECK(std::abs(w) < 1e-9);
  for (const auto& [name, w] : end.states) CHECK(w == 0);
  CHECK(end.held.size() == 2);
}

TEST_CASE("capacitors are open and inductors short at a fixed point") {
  const FixedPointReport report = fixed_point_of(
      "V1 a 0 3\nL1 a a1 1m\nY1 a1 b m w0=0.3\nY2 b c m w0=0.3\nC1 b 0 1u\nY3 c 0 m w0=0.3\n"
      ".model m memristor ron=100 roff=1600 alpha=1 beta=2\n.fixedpoint\n");
  const double expected = (-6 + std::sqrt(36.0 + 4 * 90 * 3)) / 180;
  for (const auto& [name, w] : report.states) CHECK(w == testing::approx(expected).epsilon(1e-12));
}

TEST_CASE("a drive that never rests ends at the bound it presses against") {
  const FixedPointReport report = fixed_point_of(
      "V1 a 0 1\nY1 a 0 m w0=0.3\n.model m memristor ron=100 roff=1600 alpha=0 beta=2\n.fixedpoint\n");
  CHECK(report.held == std::vector<std::string>{"w(y1)"});
  CHECK(report.states[0].second == 0);
}

TEST_CASE("without a drive the nearest fixed point is w = 0, though it repels") {
  // At t = 3 all sine sources are at a zero: dw/dt = α w.
  const FixedPointReport report = fixed_point_of(
      "V1 a 0 SIN(0 1 1)\nV2 b c SIN(0 0.5 2)\nY1 a b m w0=0.3\nY2 c 0 m w0=0.3\nY3 c 0 m w0=0.4\n"
      ".model m memristor ron=100 roff=1600 alpha=0.1 beta=10\n.tran 1m 3\n.fixedpoint from=end\n");
  CHECK(report.method == "newton");
  CHECK(report.held.empty());
  for (const auto& [name, w] : report.states) CHECK(std::abs(w) < 1e-12);
}
