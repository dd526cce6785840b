// The closed form on networks made to be hard; tests/benchmarks/omega_sweep.cpp runs a thousand of them
// beside their transients.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "analysis/network/omega_diagnosis.hpp"
#include "memspice/simulate.hpp"
#include "network/omega_networks.hpp"

using namespace memspice;
using namespace memspice::testing;

TEST_CASE(
    "the closed form of passive networks up to 100 V and Roff/Ron = 1e6 converges, whatever drives them") {
  int networks = 0, amplifying = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const std::string deck = deck_of(brutal_network(seed, 0.4));
    if (deck.empty()) continue;
    ++networks;
    CAPTURE(seed);
    const Circuit circuit = elaborate(parse_text(deck), standard_catalogue());
    const auto card = std::ranges::find_if(
        circuit.analyses, [](const AnalysisCard& any) { return any.get_if<TransientCard>(); });
    REQUIRE(card != circuit.analyses.end());
    const OmegaDiagnosis diagnosis = diagnose_omega(circuit, card->as<TransientCard>());
    // The looser of the two runs errs by 1e-10 in each step; networks amplify that.
    CHECK(diagnosis.difference <= 1e-6);
    CHECK(diagnosis.amplification >= 0.9);
    amplifying += diagnosis.amplification > 1e5 ? 1 : 0;
  }
  CHECK(networks >= 25);
  CHECK(amplifying <= 1);
}

TEST_CASE("a transient whose steps all fall into its beginning is run again all the same") {
  // Nine tenths of the first run's steps are done by a thousandth of its time: what a rerun costs was taken
  // for more than it may, before it had got there.
  const RunReport report = [] {
    MemorySink sink;
    return run(elaborate(parse_text(deck_of(brutal_network(949, 1))), standard_catalogue()), sink);
  }();
  REQUIRE(report.analyses.size() == 1);
  REQUIRE(report.analyses[0].omega);
  CHECK(report.analyses[0].omega->passed());
  CHECK(report.analyses[0].omega->reruns >= 1);
}
