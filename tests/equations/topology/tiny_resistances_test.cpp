// Which resistances are unknowns' own: what their neighbours are decides.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

TEST_CASE("a small resistance beside huge ones has their current, though the drop across it is rounding") {
  testing::Random random(66);
  for (int i = 0; i < 20; ++i) {
    const double small = random.logarithmic(2e-6, 0.5);
    // Beside a conductance 5e8 times as large.
    const double above = small * random.logarithmic(1e10, 1e12),
                 below = small * random.logarithmic(1e10, 1e12);
    const testing::DeckRun run = testing::run_deck(fmt::format(
        "V1 a 0 5\nR1 a b {:.17g}\nR2 b c {:.17g}\nR3 c 0 {:.17g}\n.op\n.save i(r2)\n", above, small, below));
    CAPTURE(small);
    CAPTURE(above);
    CAPTURE(below);
    CHECK(run["i(r2)"].front() * (above + small + below) == testing::approx(5).epsilon(1e-9));
  }
}
