// LTspice's startup: constant sources rise from 0 in 20 us.
#include <fmt/format.h>

#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

TEST_CASE("startup is a ramp in the place of each constant source, to the bit") {
  testing::Random random(8);
  for (int i = 0; i < 20; ++i) {
    const double v = random.uniform(-10, 10), current = random.uniform(-1e-3, 1e-3),
                 inner = random.uniform(-5, 5);
    const auto deck = [&](bool ramps, const char* word) {
      const auto source = [&](double value) {
        return ramps ? fmt::format("DC {0:.17g} PWL(0 0 20u {0:.17g})", value)
                     : fmt::format("{:.17g}", value);
      };
      return fmt::format(
          "V1 a 0 {}\nI1 0 b {}\nR1 a b 1k\nC1 b 0 10n\nD1 b c d\nR2 c 0 1k\nX1 c part\nV2 e 0 PULSE(0 1 30u "
          "1u)\n"
          "R3 e c 10k\n.subckt part p\nR1 p q 5k\nV1 q 0 {}\n.ends\n.model d d\n.options interp\n.tran 5u "
          "200u{}\n.op\n",
          source(v), source(current), source(inner), word);
    };
    const auto ramped = run_deck(deck(false, " startup")), written = run_deck(deck(true, ""));
    CHECK(ramped.plots[0].columns == written.plots[0].columns);
    CHECK(ramped.plots[1].columns == written.plots[1].columns);
    CHECK(run_deck(deck(false, "")).plots[0].columns != written.plots[0].columns);
  }
}

TEST_CASE("startup goes with steps, and tells of waveforms that it leaves") {
  const std::string circuit = "V1 a 0 1\nR1 a b 1k\nC1 b 0 1n\n.tran 1u 40u startup\n";
  const auto stepped = run_deck(circuit + ".options interp\n.step v1 1 3 1\n");
  const std::vector<double>&t = stepped["time"], &value = stepped["v1"], &v = stepped["v(a)"];
  for (std::size_t i = 0; i < t.size(); ++i)
    CHECK(v[i] == doctest::Approx(value[i] * std::min(t[i] / 20e-6, 1.0)).epsilon(1e-12));
  CHECK(testing::circuit_of(circuit + "V2 c 0 SIN(0 1 1k 20u)\nR2 c 0 1\n").warnings.empty());
  const auto told = testing::circuit_of(circuit + "V2 c 0 SIN(0 1 1k)\nR2 c 0 1\n").warnings;
  REQUIRE(told.size() == 1);
  CHECK(told[0].message == "startup ramps constant sources up, not the waveforms of 'v2'");
  CHECK(testing::circuit_of(circuit + "V2 c 0 SIN(0 1 1k)\nI2 0 c PULSE(1 2)\nR2 c 0 1\n")
            .warnings.at(0)
            .message == "startup ramps constant sources up, not the waveforms of 'v2', 'i2'");
}
