// Nodes that only capacitors join, at steps so short that beside C/h nothing is left of a conductance.

#include <fmt/format.h>

#include "equations/equation_system.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

TEST_CASE("an island of capacitors keeps its conductances beside any C/h") {
  testing::Random random(11);
  for (int round = 0; round < 200; ++round) {
    // A current into one node of a random tree of capacitors (and some more of them), out by one resistor:
    // all of it goes there, whatever the capacitors are.
    const int nodes = 2 + static_cast<int>(random.below(6));
    const double resistance = random.logarithmic(1e-3, 1e12);
    const double c = random.logarithmic(1, 1e20);
    const auto any = [&](int most) {
      return 1 + static_cast<int>(random.below(static_cast<std::uint32_t>(most)));
    };
    std::string deck;
    for (int node = 2; node <= nodes; ++node)
      deck += fmt::format("C{} {} {} {:.3g}\n", node, node, any(node - 1), random.logarithmic(1e-12, 1e2));
    for (int k = 0; k < 2; ++k) {
      const int a = any(nodes), b = any(nodes);
      if (a != b) deck += fmt::format("CX{} {} {} 1u\n", k, a, b);
    }
    const int in = any(nodes), out = any(nodes);
    deck += fmt::format("I1 0 {} 0\nR1 {} 0 {:.17g}\n.tran 1 1 uic\n", in, out, resistance);
    CAPTURE(deck);
    CAPTURE(c);
    const Circuit circuit = testing::circuit_of(deck);
    EquationSystem system(circuit, EquationSystem::Mode::transient);
    std::vector<double> y(system.size(), 0.0), slope(system.size(), 0.0), b(system.size(), 0.0);
    REQUIRE(system.residual(0, y.data(), slope.data(), c, b.data()));
    REQUIRE(system.linearise(0, y.data(), slope.data(), c));
    const auto node = [&](int number) { return circuit.node_names.find(std::to_string(number)); };
    b[system.unknowns().forest().row(node(in))] = 1;
    system.solve(b.data(), 1);
    CHECK(system.points().voltage(node(out), b.data()) == testing::approx(resistance).epsilon(1e-9));
  }
}

TEST_CASE("an island's sum leaves the equations' solution as it is") {
  // Beside moderate C/h both ways are exact: the same circuit with 1e-30 F to ground has no island.
  const std::string body =
      "V1 a 0 SIN(0 1 1k)\nR1 a b 1k\nC1 b c 1u\nC2 c d 2u\nR2 c 0 3k\nR3 d e 500\nB1 0 d "
      "I={1m*v(b)-2m*i(v1)}\n"
      "C3 e f 1n\nR4 f 0 1k\nR5 f b 10k\nL1 e 0 1m\n";
  const auto rows = [&](const std::string& more) {
    return testing::run_deck(body + more +
                             ".options reltol=1e-7 interp\n.tran 10u 3m\n.save v(c) v(d) v(f) i(c1) i(c2)\n");
  };
  const auto island = rows(""), grounded = rows("CG1 b 0 1e-30\nCG2 f 0 1e-30\n");
  REQUIRE(island.rows() == grounded.rows());
  for (const char* name : {"v(c)", "v(d)", "v(f)", "i(c1)", "i(c2)"}) {
    CAPTURE(name);
    double range = 0, difference = 0;
    for (std::size_t i = 0; i < island.rows(); ++i) {
      range = std::max(range, std::abs(grounded[name][i]));
      difference = std::max(difference, std::abs(island[name][i] - grounded[name][i]));
    }
    CHECK(difference <= 2e-6 * range);
  }
}

TEST_CASE("what rounding leaves of a node's currents goes to a capacitor there") {
  // 15 kA go by; at n3 there is next to nothing (memspice_truth --family linear --seed 4692).
  const auto rows = testing::run_deck(
      "I1 n1 0 SIN(6249 8690 166 0 0 92)\nL2 n2 0 196u\nL3 n3 0 4m\nR4 n4 n2 4.9\nC5 n1 n3 860u\nR6 n1 n2 "
      "0.3\n"
      "C7 n3 n2 0.2\nR8 n4 0 1k\n.tran 0.2m 10m\n.save i(*)\n.options reltol=1e-5\n");
  const auto &c5 = rows["i(c5)"], &c7 = rows["i(c7)"], &l3 = rows["i(l3)"];
  for (std::size_t i = 0; i < c5.size(); ++i) {
    const double most = std::max({std::abs(c5[i]), std::abs(c7[i]), std::abs(l3[i])});
    CHECK(std::abs(l3[i] + c7[i] - c5[i]) <= 1e-9 * most + 1e-18);
  }
}
