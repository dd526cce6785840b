// What does not depend on how a line's ports are numbered.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

TEST_CASE("a line turned round takes as many steps, where what it carries grows from next to nothing too") {
  testing::Random random(55);
  for (int i = 0; i < 10; ++i) {
    const double delay = random.logarithmic(5e-8, 5e-7);
    const std::string deck = fmt::format(
        "V1 in 0 SIN(0 {:.3g} 1meg 0 {:.3g})\nR1 in a 50\nR2 b 0 {:.3g}\n.tran 10n 5u\n.save v(b)\n",
        random.logarithmic(1e-7, 1e-5), -random.uniform(2e6, 3e6), random.uniform(45, 55));
    CAPTURE(deck);
    CAPTURE(delay);
    const auto run = [&](const char* ports) {
      return testing::run_deck(fmt::format("T1 {} z0=50 td={:.4g}\n{}", ports, delay, deck));
    };
    const testing::DeckRun forth = run("a 0 b 0"), back = run("b 0 a 0");
    CHECK(static_cast<double>(back.analysis().statistics.steps) ==
          testing::approx(static_cast<double>(forth.analysis().statistics.steps)).epsilon(0.05));
    CHECK(back["v(b)"].back() == testing::approx(forth["v(b)"].back()).epsilon(1e-3));
  }
}

TEST_CASE("once a pulse has gone through, a short line bounds no steps, and it still delays what is slow") {
  testing::Random random(91);
  for (int i = 0; i < 5; ++i) {
    const double delay = random.logarithmic(2e-9, 1e-8), end = 5e-5;
    const double impedance = random.logarithmic(20, 200);
    const testing::DeckRun run = testing::run_deck(fmt::format(
        "V1 in m PULSE(0 1 0 1n 1n 50n 1)\nV2 m 0 SIN(0 1 100k)\nR1 in a {0:.17g}\nT1 a 0 b 0 z0={0:.17g} "
        "td={1:.17g}\nR2 b 0 {0:.17g}\n.tran 100n {2}\n.save v(b)\n",
        impedance, delay, end));
    CAPTURE(delay);
    CHECK(run.analysis().statistics.steps < 0.25 * end / delay);
    const std::vector<double>&time = run.time(), &voltage = run["v(b)"];
    double worst = 0;
    for (std::size_t row = 0; row < run.rows(); ++row) {
      const double sent = time[row] - delay;
      const double expected = 0.5 * std::sin(2e5 * std::numbers::pi * sent);
      if (sent > 6e-8) worst = std::max(worst, std::abs(voltage[row] - expected));
    }
    CHECK(worst < 1e-3);
  }
}
