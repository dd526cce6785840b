// What devices tell of themselves, against slopes of currents that are measured from outside.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

TEST_CASE(
    "gm and go of a bipolar transistor are the slopes of its collector's current, however strong Early's "
    "effect is") {
  testing::Random random(18);
  constexpr double h = 2e-5;
  for (int i = 0; i < 20; ++i) {
    const bool npn = random.coin();
    const double sign = npn ? 1 : -1;
    const std::string deck = fmt::format(
        "Q1 c b 0 q\n.model q {}(is={:.3g} bf={:.3g} br={:.3g} vaf={:.3g} var={:.3g} ikf={:.3g})\nVc c 0 "
        "{:.4g}\n",
        npn ? "npn" : "pnp", random.logarithmic(1e-16, 1e-13), random.uniform(20, 300), random.uniform(1, 10),
        random.uniform(2, 20), random.uniform(2, 20), random.logarithmic(1e-3, 1),
        sign * random.uniform(0.05, 4));
    CAPTURE(deck);
    const double base = sign * random.uniform(0.55, 0.75);
    // What flows from the base to the collector is the collector's, too.
    const auto told = [&](const std::string& cards, const char* what, double sign_of_gmu) {
      const testing::DeckRun run =
          testing::run_deck(deck + cards + ".options reltol=1e-9\n.save @q1[gm] @q1[go] @q1[gmu]\n");
      return run[what].at(1) + sign_of_gmu * run["gmu(q1)"].at(1);
    };
    const auto slope = [&](const std::string& cards) {
      const testing::DeckRun run = testing::run_deck(deck + cards + ".options reltol=1e-9\n.save i(vc)\n");
      return -(run["i(vc)"].at(2) - run["i(vc)"].at(0)) / (2 * h);
    };
    const std::string by_base =
        fmt::format("Vb b 0 0\n.dc vb {:.10g} {:.10g} {:.10g}\n", base - h, base + h, h);
    CHECK(told(by_base, "gm(q1)", -1) == testing::approx(slope(by_base)).epsilon(1e-5));
    const double collector = sign * random.uniform(0.05, 4);
    const std::string by_collector = fmt::format("Vb b 0 {:.10g}\n.dc vc {:.10g} {:.10g} {:.10g}\n", base,
                                                 collector - h, collector + h, h);
    CHECK(told(by_collector, "go(q1)", 1) == testing::approx(slope(by_collector)).epsilon(1e-4));
  }
}

TEST_CASE("metastable switches of one resistance are a resistor") {
  testing::Random random(22);
  for (int i = 0; i < 10; ++i) {
    const double r = random.logarithmic(10, 1e5);
    const testing::DeckRun run = testing::run_deck(fmt::format(
        "V1 a 0 SIN(0 1 1k)\nY1 a 0 m\n.model m memristor(level=mss ron={0:.17g} roff={0:.17g})\n.save "
        "i(v1) v(a)\n.tran 10u 2m\n",
        r));
    for (std::size_t n = 0; n < run.rows(); ++n)
      CHECK(run["i(v1)"][n] == testing::approx(-run["v(a)"][n] / r).epsilon(1e-9));
  }
}
