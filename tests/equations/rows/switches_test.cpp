// Switches whose control stands at their threshold, or is moved by themselves.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <string>

#include "support/program.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

TEST_CASE(
    "a switch without hysteresis does not chatter where it moves its control by less than a tolerance") {
  testing::Random random(125);
  for (int i = 0; i < 30; ++i) {
    const double r1 = random.logarithmic(10, 1e6), r2 = random.logarithmic(10, 1e6);
    const double supply = random.logarithmic(0.1, 100);
    const double parallel = r1 * r2 / (r1 + r2), open = supply * r2 / (r1 + r2);
    // Closed, the switch lowers the voltage at itself by this part, and the threshold lies between.
    const double part = random.logarithmic(1e-13, 1e-11);
    const double threshold = open * (1 - part * random.uniform(0.1, 0.9));
    const std::string deck = fmt::format(
        "V1 a 0 pwl(0 0 1m {0:.17g} 3m {0:.17g} 4m 0)\nR1 a b {1:.17g}\nR2 b 0 {2:.17g}\nS1 b 0 b 0 sw\n"
        ".model sw sw vt={3:.17g} vh=0 ron={4:.17g} roff={5:.17g}\n.tran 0 4m\n",
        supply, r1, r2, threshold, parallel / part, 1e6 * parallel / part);
    CAPTURE(deck);
    const testing::DeckRun result = testing::run_deck(deck);
    CHECK(testing::relative_error(result, "v(b)", [&](double t) {
            return open * (t < 1e-3 ? t / 1e-3 : t < 3e-3 ? 1 : (4e-3 - t) / 1e-3);
          }) < 1e-9);
    CHECK(result.analysis().statistics.restarts < 10);
  }
}

TEST_CASE("a switch that chatters is told of and given up") {
#ifdef MEMSPICE_SANITIZE
  return;  // its seconds are those of a program that is not slowed down
#endif
  const TemporaryFolder folder;
  testing::Random random(126);
  int given_up = 0, refused = 0;
  for (int i = 0; i < 8; ++i) {
    const double hysteresis = i == 0 ? 0 : random.logarithmic(1e-7, 1e-4);
    write_bytes(
        folder.file("deck.cir"),
        fmt::format("chatter\nV1 a 0 1\nR1 a b {:.3g}\nC1 b 0 1u\nS1 b 0 b 0 sw\n.model sw sw vt={:.3g} "
                    "vh={:.3g} ron={:.3g} roff=1e9\n.tran 10u {:.3g} uic\n.end\n",
                    random.logarithmic(300, 3000), random.uniform(0.3, 0.7), hysteresis,
                    random.uniform(1, 30), random.logarithmic(3, 1000)));
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -o out.csv --give-up 0.01h");
    CAPTURE(read_bytes(folder.file("deck.cir")));
    CAPTURE(outcome.err);
    CHECK(outcome.code == 1);
    CHECK(read_bytes(folder.file("out.csv")).size() > 1000);
    // Slower than a billionth of the run, or faster.
    if (outcome.err.find("deck.cir: error: given up: at this pace it takes ") != std::string::npos &&
        outcome.err.find("look for switches and conditions that change without end") != std::string::npos)
      ++given_up;
    else if (outcome.err.find("conditions or switches change without end at t = ") != std::string::npos)
      ++refused;
  }
  CHECK(given_up > 0);
  CHECK(refused > 0);
  CHECK(given_up + refused == 8);
}
