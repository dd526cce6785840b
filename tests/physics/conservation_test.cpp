// Kirchhoff's current law and Tellegen's theorem at every written row, from the written vectors alone.

#include <cstdlib>

#include "support/random_network.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::DeckRun;
using memspice::testing::Random;

namespace {

struct Branch {
  std::size_t plus, minus;     // nodes
  std::size_t current, power;  // columns
};

/// Every two-terminal element of the circuit and its columns; the deck has to .save i(*) p(*).
std::vector<Branch> branches_of(const Circuit& circuit, const Plot& plot) {
  std::vector<Branch> branches;
  const auto add = [&](std::uint32_t name, NodeId plus, NodeId minus) {
    const std::string element(circuit.element_names[name]);
    const std::size_t current = plot.find("i(" + element + ")");
    const std::size_t power = plot.find("p(" + element + ")");
    REQUIRE(current != Plot::npos);
    REQUIRE(power != Plot::npos);
    branches.push_back({plus, minus, current, power});
  };
  for (const DeviceGroup& group : circuit.groups) {
    REQUIRE(group.type->terminals.size() == 2);
    for (std::size_t k = 0; k < group.count(); ++k)
      add(group.names[k], group.nodes[2 * k], group.nodes[2 * k + 1]);
  }
  for (const auto* sources : {&circuit.voltage_sources, &circuit.current_sources})
    for (const Source& source : *sources) add(source.name, source.plus, source.minus);
  return branches;
}

double largest(const Plot& plot, const std::vector<Branch>& branches, std::size_t Branch::*column) {
  double largest = 0;
  for (const Branch& branch : branches)
    for (const double value : plot.columns[branch.*column]) largest = std::max(largest, std::abs(value));
  return largest;
}

void check_conservation(const std::string& deck) {
  const Circuit circuit = testing::circuit_of(deck + "\n.save v(*) i(*) p(*)\n");
  const DeckRun result = testing::run_circuit(circuit);
  const Plot& plot = result.plots.back();
  const std::vector<Branch> branches = branches_of(circuit, plot);
  REQUIRE(plot.rows() > 10);
  // Where a source passes through zero, and on branches of no cycle, there is nothing but the rounding of the
  // run's currents and powers.
  const double no_current = 1e-13 * largest(plot, branches, &Branch::current);
  const double no_power = 1e-13 * largest(plot, branches, &Branch::power);
  for (std::size_t row = 0; row < plot.rows(); ++row) {
    std::vector<double> sum(circuit.node_names.size(), 0.0);
    std::vector<double> magnitude(circuit.node_names.size(), 0.0);
    double power = 0;
    double powers = 0;
    for (const Branch& branch : branches) {
      const double i = plot.columns[branch.current][row];
      const double p = plot.columns[branch.power][row];
      sum[branch.plus] += i;
      sum[branch.minus] -= i;
      magnitude[branch.plus] += std::abs(i);
      magnitude[branch.minus] += std::abs(i);
      power += p;
      powers += std::abs(p);
    }
    for (std::size_t node = 0; node < sum.size(); ++node) {
      const bool kirchhoff = std::abs(sum[node]) <= 1e-9 * magnitude[node] + no_current;
      CHECK_MESSAGE(kirchhoff, "node " << circuit.node_names[static_cast<NodeId>(node)] << " at "
                                       << plot.columns[0][row] << " s: " << sum[node] << " A of "
                                       << magnitude[node]);
    }
    const bool tellegen = std::abs(power) <= 1e-9 * powers + no_power;
    CHECK_MESSAGE(tellegen, plot.columns[0][row] << " s: " << power << " W of " << powers);
  }
}

}  // namespace

TEST_CASE("KCL and Tellegen hold to 1e-9 at every row of random memristive networks, bounds reached or not") {
  Random random(21);
  for (const double emf : {0.5, 5.0, 50.0}) {
    for (const std::string options : {"", ".options interp"}) {
      CAPTURE(emf);
      CAPTURE(options);
      check_conservation(testing::random_network(random, 8, 8, emf).deck() + ".tran 20m 2\n" + options);
      check_conservation(testing::random_network(random, 8, 8, emf, 1.0).deck() + ".tran 20m 2\n" + options);
    }
  }
}

TEST_CASE("KCL and Tellegen hold to 1e-9 at every row of an active mixture") {
  Random random(22);
  testing::Network network = testing::random_network(random, 8, 10, 0.5);
  network.branches[3].active = true;
  network.branches[3].ron *= 30;  // large against what is in parallel: the mixture stays regular
  network.branches[3].roff *= 30;
  check_conservation(network.deck() + ".tran 20m 1\n");
}

TEST_CASE("KCL and Tellegen hold to 1e-9 at every row of RLC circuits with every kind of source") {
  const std::string ladder =
      "R1 in a 50\nL1 a b 1m\nC1 b 0 1u\nR2 b c 100\nL2 c d 2m\nC2 d 0 0.5u\nR3 d 0 600\nC3 a d 10n\n"
      ".tran 5u 1m\n";
  for (const std::string source : {"PULSE(0 1 0.1m 10u 20u 0.3m 0.5m)", "SIN(0.1 1 5k 0.1m 300 30)",
                                   "EXP(0 2 0.1m 20u 0.4m 50u)", "PWL(0 0 0.2m 1 0.2m -1 0.6m 0.5)"}) {
    CAPTURE(source);
    check_conservation("V1 in 0 " + source + "\n" + ladder);
    check_conservation("V1 in 0 " + source + "\n" + ladder + ".options interp reltol=1e-7\n");
    check_conservation("I1 0 in " + source + "\nR9 in 0 1k\n" + ladder);
  }
}

TEST_CASE("KCL and Tellegen hold to 1e-9 where capacitors, memristors and inductors meet in one circuit") {
  check_conservation(
      ".model mem memristor(ron=100 roff=16k beta=1m)\n"
      "V1 in 0 SIN(0 2 1k)\nY1 in a mem w0=0.4\nC1 a 0 1u\nL1 a b 10m\nY2 b 0 mem w0=0.6 polarity=-1\n"
      "R1 b c 2k\nY3 c 0 mem w0=0.2\nI1 c 0 PULSE(0 1m 1m 10u 10u 1m 3m)\nC2 in c 100n\nR2 in d 0\n"
      "R3 d c 1k\n.tran 20u 5m\n");
}

TEST_CASE(
    "KCL and Tellegen hold to 1e-9 with a capacitor across a source and an inductor in series with one") {
  check_conservation(
      "V1 in 0 PULSE(0 5 0.1m 10u 10u 0.3m 0.6m)\nC1 in 0 1u\nR1 in out 100\nC2 out 0 1u\n"
      "I1 0 x SIN(0 10m 5k)\nL1 x out 1m\n.tran 5u 1m\n");
}
