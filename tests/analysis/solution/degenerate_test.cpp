// Circuits that are awkward for a differential-algebraic solver and everyday for a user: index 2, jumps,
// shorts. Currents and slopes have to be right from the first row on.

#include <fmt/format.h>

#include <numbers>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::DeckRun;
using memspice::testing::relative_error;
using memspice::testing::run_deck;

namespace {
using std::numbers::pi;
}

TEST_CASE("a capacitor straight across a sine source carries C dv/dt from the first row on") {
  const DeckRun result = run_deck("V1 a 0 SIN(0 2 1k 0 0 30)\nC1 a 0 1u\n.tran 10u 3m\n.save i(*) v(*)\n");
  const auto current = [](double t) { return 2e-6 * 2000 * pi * std::cos(2000 * pi * t + pi / 6); };
  CHECK(relative_error(result, "i(c1)", current) < 1e-3);
  CHECK(relative_error(result, "i(v1)", [&](double t) { return -current(t); }) < 1e-3);
  CHECK(result["i(c1)"][0] == testing::approx(current(0)).epsilon(1e-6));
  CHECK(result.analysis().statistics.steps < 1000);
}

TEST_CASE("a capacitor straight across a pulse carries its slopes, and nothing on its flats") {
  const DeckRun result =
      run_deck("V1 a 0 PULSE(0 5 1u 1u 2u 3u 10u)\nC1 a 0 1n\n.tran 0.1u 20u\n.save i(*) v(*)\n");
  for (std::size_t row = 1; row < result.rows(); ++row) {
    const double inside = std::fmod(0.5 * (result.time()[row - 1] + result.time()[row]), 10e-6);
    const double slope = inside < 1e-6   ? 0
                         : inside < 2e-6 ? 5e6
                         : inside < 5e-6 ? 0
                         : inside < 7e-6 ? -2.5e6
                                         : 0;
    CHECK(result["i(c1)"][row] == testing::approx(1e-9 * slope).epsilon(1e-6).scale(1e-3));
    CHECK(result["i(v1)"][row] == testing::approx(-result["i(c1)"][row]));
  }
}

TEST_CASE("a loop of capacitors and a source divides the current by their capacitances") {
  const DeckRun result = run_deck(
      "V1 a 0 SIN(0 1 1k)\nC1 a b 1u\nC2 b 0 3u\nC3 a 0 2u\nC4 b 0 1u\nR1 b 0 1meg\n.tran 10u 2m\n.save "
      "i(*)\n");
  // C1 in series with C2 + C4: 0.8 uF.
  const auto through = [](double c) {
    return [c](double t) { return c * 2000 * pi * std::cos(2000 * pi * t); };
  };
  CHECK(relative_error(result, "i(c1)", through(0.8e-6)) < 2e-3);
  CHECK(relative_error(result, "i(c2)", through(0.6e-6)) < 2e-3);
  CHECK(relative_error(result, "i(c4)", through(0.2e-6)) < 2e-3);
  CHECK(relative_error(result, "i(c3)", through(2e-6)) < 2e-3);
}

TEST_CASE("capacitors in parallel with different initial conditions are brought to one voltage by charge") {
  const DeckRun result =
      run_deck("C1 a 0 1u ic=4\nC2 a 0 3u ic=0\nR1 a 0 1k\n.tran 10u 8m uic\n.save v(a) i(*)\n");
  const auto voltage = [](double t) { return 1.0 * std::exp(-t / 4e-3); };
  CHECK(relative_error(result, "v(a)", voltage) < 1e-3);
}

TEST_CASE("an inductor in series with a current source has the voltage L di/dt from the first row on") {
  const DeckRun result =
      run_deck("I1 0 a SIN(1m 10m 1k)\nL1 a b 1m\nR1 b 0 100\n.tran 10u 3m\n.save v(*) i(*)\n");
  const auto current = [](double t) { return 1e-3 + 1e-2 * std::sin(2000 * pi * t); };
  const auto inductive = [](double t) { return 1e-3 * 1e-2 * 2000 * pi * std::cos(2000 * pi * t); };
  CHECK(relative_error(result, "i(l1)", current) < 1e-3);
  CHECK(relative_error(result, "v(b)", [&](double t) { return 100 * current(t); }) < 1e-3);
  double error = 0;
  for (std::size_t row = 0; row < result.rows(); ++row)
    error =
        std::max(error, std::abs(result["v(a)"][row] - result["v(b)"][row] - inductive(result.time()[row])));
  CHECK(error < 1e-3 * 0.126);
  CHECK(result["v(a)"][0] - result["v(b)"][0] == testing::approx(inductive(0)).epsilon(1e-5));
}

TEST_CASE("a node of two inductors and a ramped current source keeps both currents' sum") {
  const DeckRun result = run_deck(
      "I1 0 a PWL(0 0 1m 1)\nL1 a b 1m\nL2 a c 3m\nR1 b 0 10\nR2 c 0 10\n.tran 10u 1m\n.save v(*) i(*)\n");
  for (std::size_t row = 0; row < result.rows(); ++row) {
    const double driven = result.time()[row] * 1e3;
    CHECK(result["i(l1)"][row] + result["i(l2)"][row] == testing::approx(driven).epsilon(1e-9).scale(1e-3));
  }
  // At the start no voltage across the resistors: currents in the inverse ratio of the inductances.
  CHECK(result["v(a)"][0] == testing::approx(0.75e-3 * 1e3).epsilon(1e-4));
}

TEST_CASE("voltage sources in series add, whatever stands between them") {
  const DeckRun result = run_deck(
      "V1 a 0 1\nV2 b a SIN(0 2 1k)\nV3 b c PULSE(0 3 0.2m 1u 1u 0.5m)\nR1 c 0 1k\n.tran 10u 1m\n"
      ".save v(*) i(*)\n");
  for (std::size_t row = 0; row < result.rows(); ++row) {
    const double b = 1 + 2 * std::sin(2000 * pi * result.time()[row]);
    CHECK(result["v(b)"][row] == testing::approx(b).epsilon(1e-12));
    CHECK(result["i(v1)"][row] == testing::approx(-result["v(c)"][row] / 1e3));
    CHECK(result["i(v2)"][row] == testing::approx(result["i(v1)"][row]));
    CHECK(result["i(v3)"][row] == testing::approx(-result["i(v1)"][row]));
  }
}

TEST_CASE("a resistor of 0 ohm carries the current that Kirchhoff's law gives it and no voltage") {
  const DeckRun result = run_deck(
      "V1 a 0 10\nR1 a b 0\nR2 b c 1k\nR3 c d 0\nR4 d 0 1k\nR5 d 0 1k\n.op\n.tran 10u 1m\n.save v(*) i(*) "
      "p(*)\n");
  for (const Plot& plot : result.plots) {
    const auto last = [&](const std::string& vector) { return plot.columns[plot.find(vector)].back(); };
    CHECK(last("i(r1)") == testing::approx(10 / 1.5e3));
    CHECK(last("i(r3)") == testing::approx(10 / 1.5e3));
    CHECK(last("i(v1)") == testing::approx(-10 / 1.5e3));
    CHECK(last("v(b)") == last("v(a)"));
    CHECK(last("v(c)") == last("v(d)"));
    CHECK(last("p(r1)") == 0);
  }
}

TEST_CASE("a memristor straight across a source, and two in antiseries, need no other element") {
  const DeckRun result = run_deck(
      ".model mem memristor(ron=100 roff=1600 alpha=0 beta=1)\nV1 a 0 1\nY1 a 0 mem w0=0.5\n"
      "Y2 a m mem w0=0.5\nY3 0 m mem w0=0.5\n.tran 10m 1\n.save w(*) i(*) v(m)\n");
  const auto state = [](double t) { return (std::sqrt(8.5 * 8.5 - 30 * t) - 1) / 15; };
  CHECK(relative_error(result, "w(y1)", state) < 1e-3);
  CHECK(result["i(v1)"][0] == testing::approx(-1 / 850.0 - 1 / 1700.0));
  CHECK(result["v(m)"][0] == testing::approx(0.5));
}

TEST_CASE("a source that jumps makes the currents jump and not the states") {
  const DeckRun result = run_deck(
      ".model mem memristor(ron=100 roff=1600 alpha=0 beta=1)\nV1 a 0 PWL(0 1 0.5 1 0.5 -2)\n"
      "Y1 a b mem w0=0.5\nR1 b 0 100\nC1 a c 1u\nR2 c 0 1k\n.tran 5m 1\n.save w(*) i(*) v(*)\n");
  const std::vector<double>& time = result.time();
  const auto jump = static_cast<std::size_t>(std::ranges::find(time, 0.5) - time.begin());
  REQUIRE(jump + 1 < time.size());
  CHECK(result["v(a)"][jump] == 1);
  CHECK(result["v(a)"][jump + 1] == -2);
  CHECK(result["w(y1)"][jump + 1] == testing::approx(result["w(y1)"][jump]).epsilon(1e-4));
  CHECK(result["i(y1)"][jump + 1] == testing::approx(-2 * result["i(y1)"][jump]).epsilon(1e-3));
  // The capacitor passes the whole jump of 3 V on.
  CHECK(result["v(c)"][jump] == testing::approx(0).scale(1));
  CHECK(result["v(c)"][jump + 1] ==
        testing::approx(-3 * std::exp(-(time[jump + 1] - 0.5) / 1e-3)).epsilon(1e-3));
}

TEST_CASE("sources of either sign that take over from each other in breakpoints keep the other states") {
  const DeckRun result = run_deck(
      "V1 a 0 PULSE(0 1 0 1n 1n 0.5m 1m)\nV2 b 0 PULSE(1 0 0 1n 1n 0.5m 1m)\nR1 a x 1k\nR2 b x 1k\nC1 x 0 "
      "1u\n"
      ".tran 20u 4m\n.save v(x) i(c1)\n");
  // Half of the sum, which is 1 V at all times.
  for (const double v : result["v(x)"]) CHECK(v == testing::approx(0.5).epsilon(1e-6));
}

TEST_CASE("the first row after an operating point has the currents of that point") {
  const DeckRun result = run_deck(
      "V1 in 0 SIN(1 1 1k)\nR1 in a 1k\nL1 a b 1m\nC1 b 0 1u\nR2 b 0 1k\n.op\n.tran 10u 1m\n.save v(*) "
      "i(*)\n");
  CHECK(result["i(l1)"][0] == testing::approx(0.5e-3));
  CHECK(result["v(b)"][0] == testing::approx(0.5));
  CHECK(result["i(r1)"][0] == testing::approx(0.5e-3));
  CHECK(result["i(c1)"][0] == testing::approx(0).scale(1e-3));
  CHECK(result.plots[0].columns[result.plots[0].find("i(l1)")][0] == testing::approx(0.5e-3));
}

TEST_CASE("with uic the first row has the given states and the currents that follow from them") {
  const DeckRun result = run_deck(
      "V1 in 0 10\nR1 in a 1k\nC1 a 0 1u ic=4\nL1 a b 1m ic=1m\nR2 b 0 2k\n.tran 1u 1m uic\n.save v(*) "
      "i(*)\n");
  CHECK(result["v(a)"][0] == testing::approx(4));
  CHECK(result["i(l1)"][0] == testing::approx(1e-3));
  CHECK(result["i(r1)"][0] == testing::approx(6e-3));
  CHECK(result["i(c1)"][0] == testing::approx(5e-3));
  CHECK(result["v(b)"][0] == testing::approx(2));
}

TEST_CASE("negative resistors are resistors: an operating point, a decay that grows") {
  const DeckRun divider = run_deck("V1 a 0 1\nR1 a b 1k\nR2 b 0 -3k\n.op\n.save v(*) i(*)\n");
  CHECK(divider["v(b)"][0] == testing::approx(1.5));
  CHECK(divider["i(v1)"][0] == testing::approx(0.5e-3));
  const DeckRun growth = run_deck("C1 a 0 1u ic=1\nR1 a 0 -1k\n.tran 50u 3m uic\n.save v(*)\n");
  CHECK(relative_error(growth, "v(a)", [](double t) { return std::exp(t / 1e-3); }) < 1e-3);
}
