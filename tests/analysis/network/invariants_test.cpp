// Conservation laws watched along transients of random networks.

#include <doctest/doctest.h>

#include <cmath>

#include "network/conservation_laws.hpp"
#include "support/approx.hpp"
#include "support/random_network.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::Network;
using memspice::testing::Random;

namespace {

InvariantsReport invariants_of(const std::string& body) {
  const testing::DeckRun result = testing::run_deck(body);
  REQUIRE(result.analysis().invariants);
  return *result.analysis().invariants;
}

}  // namespace

TEST_CASE("KCL memory and flux law drift by less than ten times reltol, every device different") {
  Random random(631);
  int complete = 0;
  for (int count = 0; count < 20; ++count) {
    Network network = testing::random_network(random, 3 + random.below(5), 2 + random.below(5), 1,
                                              count % 2 == 0 ? 0 : 0.7);
    for (Network::Branch& branch : network.branches) branch.active = count % 5 == 4 && random.below(10) == 0;
    for (const char* reltol : {"1e-4", "1e-6", "1e-8"}) {
      CAPTURE(count);
      CAPTURE(reltol);
      const AnalysisReport run =
          testing::try_circuit(
              testing::circuit_of(network.deck() +
                                  ".tran 1m 1\n.invariants\n.options reltol=" + std::string(reltol) + "\n"))
              .report.analyses[0];
      if (run.outcome != Outcome::complete) continue;  // a mixture that becomes singular
      ++complete;
      const InvariantsReport& report = run.invariants.value();
      CHECK(report.kcl_memory.laws > 0);
      CHECK(report.flux.laws == network.branches.size() - network.nodes + 1);
      CHECK(report.kcl_memory.largest_drift <= 10 * std::stod(reltol));
      CHECK(report.flux.largest_drift <= 10 * std::stod(reltol));
      CHECK(report.power.largest_drift <= 1e-9);
    }
  }
  CHECK(complete >= 50);
}

TEST_CASE("the laws hold through resistors, current sources, jumps and a sparse grid of rows") {
  const std::string elements =
      "V1 a 1 SIN(0 3 1)\nV2 b 2 -2\nV3 c 0 PULSE(0 1 0.1 0 0 0.3 1)\nY1 1 b m w0=0.3\nY2 2 c m w0=0.3\n"
      "Y3 c 1 m w0=0.3\nY4 0 a m w0=0.35\nY5 0 b m w0=0.6 ron=150\nY6 a c v w0=0.35 polarity=-1\n"
      "I1 0 b SIN(0 1m 2)\nR1 2 0 1k\n.model m memristor ron=100 roff=1600 alpha=0.1 beta=2\n"
      ".model v memristor ron=100 roff=1600 alpha=0.2 beta=10 control=voltage\n.invariants\n";
  for (const char* transient : {".tran 1m 3\n", ".tran 0.5 3\n.options interp\n", ".tran 1m 3 2\n"}) {
    CAPTURE(transient);
    const InvariantsReport report = invariants_of(elements + transient + ".options reltol=1e-7\n");
    CHECK(report.kcl_memory.laws == 2);
    CHECK(report.flux.laws == 4);
    CHECK(report.kcl_memory.largest_drift <= 1e-6);
    CHECK(report.flux.largest_drift <= 1e-6);
    CHECK_FALSE(report.kcl_memory.valid_until);
  }
}

TEST_CASE("a state at its bound voids the laws from then on, and no drift is counted behind it") {
  const InvariantsReport report = invariants_of(
      "V1 a 0 SIN(0 20 1)\nY1 a b m w0=0.3\nY2 b 0 m w0=0.6\n"
      ".model m memristor ron=100 roff=1600 beta=1\n.tran 1m 2\n.invariants\n");
  REQUIRE(report.kcl_memory.valid_until);
  CHECK(*report.kcl_memory.valid_until > 0.01);
  CHECK(*report.kcl_memory.valid_until < 1);
  CHECK(report.kcl_memory.largest_drift <= 1e-3);
}

TEST_CASE("a trajectory that breaks the laws is seen") {
  const Circuit circuit = testing::circuit_of(
      "V1 a 0 1\nY1 a b m w0=0.3\nY2 b 0 m w0=0.6\n.model m memristor ron=100 roff=1600 beta=1\n.tran 1m "
      "1\n");
  network::ConservationLaws laws(circuit, network::branch_network(circuit, ".invariants", {}),
                                 circuit.analyses[0].as<TransientCard>());
  const std::vector<double> rates{0, 0};
  laws.begin_segment(0, 1, std::vector{0.3, 0.6}, rates);
  laws.advance(0.1, std::vector{0.25, 0.55}, rates, {false, false});
  CHECK(laws.kcl_memory().drift < 1e-15);  // equal charges through both
  CHECK(laws.flux().drift > 1e-2);         // but not the source's flux
  laws.advance(0.2, std::vector{0.25, 0.45}, rates, {false, false});
  CHECK(laws.kcl_memory().drift == testing::approx(0.05));  // of the charge of both full ranges
}
