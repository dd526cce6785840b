// Resistances so small that rounding of the potentials at their ends is more than their current: Kirchhoff's
// law holds for them all the same, alone, in series, side by side and around loops.

#include <fmt/format.h>

#include <numbers>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::DeckRun;
using memspice::testing::run_deck;

namespace {

double first(const DeckRun& result, const std::string& vector) {
  return result[vector].front();
}

}  // namespace

TEST_CASE("the current of a tiny resistor is that of what it feeds, in .op, .dc, .ac and .tran") {
  for (const double r : {1e-6, 1e-9, 1e-13, 1e-14, 1e-18, -1e-13}) {
    CAPTURE(r);
    const std::string divider = fmt::format("V1 a 0 DC 5 AC 1 SIN(5 1 1k)\nR1 a b {:g}\nR2 b 0 1k\n", r);
    const DeckRun point = run_deck(divider + ".op\n.save i(*)\n");
    CHECK(point.analysis().operating_point == "newton");
    const double current = 5 / (1e3 + r);
    CHECK(first(point, "i(r1)") == testing::approx(current).epsilon(1e-12));
    CHECK(first(point, "i(v1)") == testing::approx(-current).epsilon(1e-12));
    const DeckRun sweep = run_deck(divider + ".dc V1 -5 5 2.5\n.save i(*)\n");
    const DeckRun run = run_deck(divider + "C1 b 0 1u\n.tran 10u 1m\n.save i(*)\n");
    for (const DeckRun* result : {&sweep, &run}) {
      for (std::size_t row = 0; row < result->rows(); ++row) {
        const double rest = result == &run ? (*result)["i(c1)"][row] : 0;
        CHECK((*result)["i(r1)"][row] ==
              testing::approx((*result)["i(r2)"][row] + rest).epsilon(1e-9).scale(1e-9));
      }
    }
    CHECK(first(run_deck(divider + ".ac lin 1 1k 1k\n.save i(*)\n"), "i(r1)") ==
          testing::approx(current / 5).epsilon(1e-12));
  }
}

TEST_CASE("tiny resistors in series, side by side and in loops divide currents by their resistances") {
  for (const double r : {1e-7, 1e-13, 1e-15, 1e-20}) {
    CAPTURE(r);
    const auto divider = [&](const std::string& between) {
      return run_deck(fmt::format("V1 a 0 5\nRs a m 1k\n{}Rl b 0 1k\n.op\n.save i(*)\n",
                                  fmt::format(fmt::runtime(between), r, 2 * r, 3 * r)));
    };
    const DeckRun series = divider("R1 m n {0:g}\nR2 n b {2:g}\n");
    CHECK(first(series, "i(r1)") == testing::approx(2.5e-3).epsilon(1e-9));
    CHECK(first(series, "i(r2)") == testing::approx(2.5e-3).epsilon(1e-9));
    const DeckRun parallel = divider("R1 m b {0:g}\nR2 b m {2:g}\n");
    CHECK(first(parallel, "i(r1)") == testing::approx(1.875e-3).epsilon(1e-7));
    CHECK(first(parallel, "i(r2)") == testing::approx(-0.625e-3).epsilon(1e-7));
    const DeckRun triangle = divider("R1 m b {0:g}\nR2 b c {1:g}\nR3 c m {2:g}\nRc c 0 2k\n");
    CHECK(first(triangle, "i(r1)") == testing::approx(13e-3 / 6).epsilon(1e-7));
    CHECK(first(triangle, "i(r2)") == testing::approx(1e-3 / 6).epsilon(1e-6));
    CHECK(first(triangle, "i(r3)") == testing::approx(-5e-3 / 6).epsilon(1e-7));
    CHECK(triangle.analysis().operating_point == "newton");
  }
}

TEST_CASE("a resistor is small against its neighbours, not by itself") {
  const DeckRun chain = run_deck("V1 a 0 1\nR1 a b 1m\nR2 b c 1m\nR3 c 0 1g\n.op\n.save i(*)\n");
  for (const char* vector : {"i(r1)", "i(r2)"})
    CHECK(first(chain, vector) == testing::approx(1e-9).epsilon(1e-9));
  // Networks whose resistances are of one kind keep their symmetric matrix.
  const DeckRun grid = run_deck("V1 a 0 1\nR1 a b 1m\nR2 b c 1m\nR3 c 0 10m\n.op\n.save i(*)\n");
  CHECK(grid.analysis().statistics.factorisation == "cholesky");
}

TEST_CASE(
    "a closed switch of 1 nohm carries what the load takes, an open one what its resistance lets through") {
  const std::string deck =
      "V1 a 0 5\nVc c 0 {}\nS1 a b c 0 sm\n.model sm sw(ron=1n roff=1g vt=0.5 vh=0)\nR2 b 0 1k\n.op\n.save "
      "i(*)\n";
  CHECK(first(run_deck(fmt::format(fmt::runtime(deck), 1)), "i(s1)") == testing::approx(5e-3).epsilon(1e-9));
  CHECK(first(run_deck(fmt::format(fmt::runtime(deck), 0)), "i(s1)") ==
        testing::approx(5 / (1e9 + 1e3)).epsilon(1e-9));
}

TEST_CASE("expressions, .sens and .noise know tiny resistors") {
  const DeckRun reading = run_deck(
      "V1 a 0 5\nR1 a b 1e-13\nR2 b 0 1k\nF1 0 d R1 2\nB2 0 e I={i(R1)}\nRd d 0 1\nRe e 0 1\n.op\n.save "
      "v(*)\n");
  CHECK(first(reading, "v(d)") == testing::approx(10e-3).epsilon(1e-9));
  CHECK(first(reading, "v(e)") == testing::approx(5e-3).epsilon(1e-9));
  for (const std::string loop : {"R1 a b {0}\n", "Rs a m 0.1u\nR1 m b {0}\nR3 m b {0}\nR4 m b {0}\n"}) {
    const auto sensitivity = [&](const char* r) {
      return first(run_deck("V1 a 0 5\n" + fmt::format(fmt::runtime(loop), r) + "R2 b 0 1k\n.sens v(b)\n"),
                   "v(r1)");
    };
    CHECK(sensitivity("1e-9") == testing::approx(sensitivity("1m")).epsilon(1e-3));
  }
  const DeckRun noise =
      run_deck("V1 a 0 DC 0 AC 1\nRs a m 1k\nR1 m b 1e-13\nR2 b 0 1k\n.noise v(b) V1 lin 1 1k 1k 1\n");
  CHECK(first(noise, "onoise_spectrum") ==
        testing::approx(std::sqrt(4 * 1.380649e-23 * 300.15 * 500)).epsilon(1e-6));
  // Of its voltage sqrt(4kTR) a half.
  CHECK(first(noise, "onoise_r1") ==
        testing::approx(0.5 * std::sqrt(4 * 1.380649e-23 * 300.15 * 1e-13)).epsilon(1e-6));
}
