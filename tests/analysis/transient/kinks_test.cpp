// Expressions with kinks and exponentials: where Newton's method needs help.

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

TEST_CASE("a transient passes a kink between a flat side and a steep one") {
  const testing::DeckRun run = testing::run_deck(
      "I1 0 x PWL(0 70m 1m 60m)\nR0 x 0 10k\nB1 x 0 I=1e-9*(exp(min(V(x),0.9)/0.05)-1)\n.tran 10u 1m\n");
  // Above the kink the resistor alone takes what the clamped exponential leaves.
  const double clamp = 1e-9 * (std::exp(18.0) - 1);
  for (std::size_t i = 0; i < run.rows(); ++i) {
    const double current = 70e-3 - 10 * run.time()[i];
    const double v = run["v(x)"][i];
    if (v > 0.91) CHECK(v == testing::approx(1e4 * (current - clamp)).epsilon(1e-9));
    if (v < 0.89) CHECK(v / 1e4 + 1e-9 * (std::exp(v / 0.05) - 1) == testing::approx(current).epsilon(1e-9));
  }
  CHECK(run["v(x)"].front() > 40);
  CHECK(run["v(x)"].back() < 0.9);
}

TEST_CASE("an inductor that a switch cuts off finds its way through a behavioural diode") {
  const testing::DeckRun run = testing::run_deck(
      "V1 in 0 5\nL1 in x 100u\nS1 x 0 g 0 sw\nVg g 0 PULSE(0 1 0 10n 10n 5u 10u)\n"
      "B1 x o I=0.5*ln(1+exp(min(V(x,o)-0.7,20)/0.05))\nRp x o 10k\nC1 o 0 10u ic=5\nR1 o 0 20\n"
      ".model sw sw(vt=0.5 ron=0.1 roff=1meg)\n.tran 1u 5m uic\n");
  // In steady state the coil's mean voltage is 0: (V1 - Von) d = (Vo + Vd - V1) (1 - d).
  const double out = run["v(o)"].back();
  CHECK(out > 7.5);
  CHECK(out < 10);
}

TEST_CASE("an operating point of stacked exponentials is found from zero") {
  const testing::DeckRun run = testing::run_deck(
      "V1 in 0 5\nR1 in a 1k\nB1 a b I=1e-14*(exp(v(a,b)/0.02585)-1)\nB2 b 0 "
      "I=1e-14*(exp(v(b)/0.02585)-1)\n.op\n");
  const double a = run["v(a)"][0];
  CHECK(run["v(b)"][0] == testing::approx(a / 2));
  CHECK((5 - a) / 1e3 == testing::approx(1e-14 * (std::exp(a / 2 / 0.02585) - 1)).epsilon(1e-8));
}
