// What does not depend on how a line's ports are numbered.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <string>

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
          doctest::Approx(static_cast<double>(forth.analysis().statistics.steps)).epsilon(0.05));
    CHECK(back["v(b)"].back() == doctest::Approx(forth["v(b)"].back()).epsilon(1e-3));
  }
}
