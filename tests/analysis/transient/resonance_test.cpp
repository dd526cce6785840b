#include "analysis/transient/resonance.hpp"

#include <fmt/format.h>

#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::circuit_of;

TEST_CASE("Elements of kinds that cannot oscillate need no spectrum") {
  for (const char* deck : {"V1 a 0 1\nR1 a b 1k\nC1 b 0 1u\nR2 b c -5k\nC2 c 0 1u\n",
                           "I1 0 a 1\nR1 a 0 1k\nL1 a b 1m\nR2 b 0 1k\nL2 b 0 1m\n",
                           "V1 a 0 SIN(0 1 1k)\nS1 a b a 0 sw\nR1 b 0 1k\nC1 b 0 1u\n.model sw sw(vt=0.5)\n",
                           "V1 a 0 SIN(0 1 1)\nY1 a b m\nY2 b 0 m w0=0.2 beta=3 polarity=-1\nR1 b 0 1k\n"
                           ".model m memristor(beta=1 alpha=0.1)\n",
                           "B1 a 0 V={sin(time)}\nR1 a b 1k\nC1 b 0 1u\n"}) {
    CAPTURE(std::string(deck));
    CHECK(!may_oscillate(circuit_of(std::string(deck) + ".tran 1m 1\n")));
  }
}

TEST_CASE("Elements of kinds that may oscillate do need one") {
  for (const char* deck : {"L1 a 0 1m\nC1 a 0 1u\n", "V1 a 0 1\nR1 a b 1k\nC1 b 0 1u\nC2 b 0 -2u\n",
                           "V1 a 0 1\nR1 a b 1k\nC1 b 0 1u\nG1 b 0 c 0 1m\nR2 c 0 1k\nC2 c 0 1u\n",
                           "V1 a 0 1\nR1 a b 1k\nC1 b 0 1u\nB1 c 0 V={-5*v(b)}\nR2 c 0 1k\n",
                           "V1 a 0 1\nR1 a b 1k\nL1 b 0 1m\nL2 c 0 1m\nR2 c 0 1\nK1 L1 L2 0.5\n",
                           "V1 a 0 1\nY1 a b m\nC1 b 0 1u\n.model m memristor\n",
                           "V1 a 0 1\nY1 a b m\nY2 b 0 m alpha=2\n.model m memristor\n",
                           "V1 a 0 1\nY1 a b m\nY2 b 0 m control=voltage\n.model m memristor\n",
                           "V1 a 0 1\nY1 a b m\nY2 b 0 m active=1\n.model m memristor\n",
                           "V1 a 0 1\nY1 a b m\nR1 b 0 -1k\n.model m memristor\n"}) {
    CAPTURE(std::string(deck));
    CHECK(may_oscillate(circuit_of(std::string(deck) + ".tran 1m 1\n")));
  }
}

TEST_CASE("One state alone remembers no period, held at a bound or steep as it may be") {
  for (const char* model :
       {"level=2", "level=2 wt=4", "level=3", "level=6", "level=6 koff=1e-6 kon=-1e-6",
        "level=5 rmin=1k rmax=10k beta=3e6 vt=0.6", "level=1 window=biolek beta=0.01 p=3"}) {
    for (const double period : {1.0, 1e-3}) {
      CAPTURE(std::string(model));
      CAPTURE(period);
      const auto run = testing::run_deck(
          fmt::format("V1 b 0 PULSE(-3 3 0 {0} {0} 1f {1})\nRs b a 100\nY1 a 0 m\n.model m memristor({2})\n"
                      ".tran {3} {4}\n.save i(v1)\n",
                      0.5 * period, period, model, period / 20, 12 * period));
      CHECK(!run.analysis().statistics.oscillation);
    }
  }
}
