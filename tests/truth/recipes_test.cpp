#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "memspice/simulate.hpp"
#include "support/approx.hpp"
#include "truth/case.hpp"
#include "truth/formula_case.hpp"
#include "truth/runner.hpp"

using namespace memspice;
using namespace memspice::truth;

namespace {

// What is left when the program is made to look everywhere: the error of rows with steps of at most a part of
// tstep. A wrong oracle shows as an error that no step makes small.
double error_at_short_steps(const Case& test, double reltol, double part) {
  const std::string deck = "test\n" + test.cards();
  const std::size_t tran = deck.find(".tran ");
  const double step = std::strtod(deck.c_str() + tran + 6, nullptr);
  MemorySink sink;
  const RunReport report = run(elaborate(parse_text(deck + ".options reltol=" + exact(reltol) +
                                                    " maxstep=" + exact(step * part) + "\n.end\n"),
                                         standard_catalogue()),
                               sink);
  REQUIRE_MESSAGE(report.analyses.back().outcome == Outcome::complete,
                  deck << report.analyses.back().message);
  return test.judge(sink.plots().back(), reltol).error;
}

}  // namespace

TEST_CASE("Truth machine: quadrature follows a driven decay") {
  // v' = -2 v + cos t
  const FirstOrder circuit{
      {0.3, 1.7}, 0.2, [](double) { return -2.0; }, [](double t, double) { return std::cos(t); }};
  const std::vector<double> times{0, 0.1, 0.3, 1, 2.5};
  const std::vector<double> values = circuit.values(1, times);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double t = times[i];
    CHECK(values[i] ==
          testing::approx(0.6 * std::exp(-2 * t) + (2 * std::cos(t) + std::sin(t)) / 5).epsilon(1e-13));
  }
}

TEST_CASE("Truth machine: a sine passes a level where its value is the level") {
  const std::vector<double> times =
      sine_crossings(3, -0.4, 0.99);  // the last one belongs to the turn after the stop
  CHECK(times.size() == 6);
  for (const double t : times)
    CHECK(std::sin(2 * 3.14159265358979323846 * 3 * t) == testing::approx(-0.4).epsilon(1e-12));
}

TEST_CASE("Truth machine: memspice finds every event circuit's answer once its steps are short") {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    Random random(seed);
    const auto test = event_case(random);
    CAPTURE(test->cards());
    CHECK(error_at_short_steps(*test, 1e-6, 0.2) < 1e-3);
  }
}

TEST_CASE("Truth machine: memspice finds every line's echoes") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Random random(seed);
    const auto test = line_case(random);
    CAPTURE(test->cards());
    CHECK(error_at_short_steps(*test, 1e-6, 1) < 1e-4);
  }
}

TEST_CASE("Truth machine: memspice keeps every oscillator once its steps are short") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    const auto test = oscillator_case(random);
    CAPTURE(test->cards());
    CHECK(error_at_short_steps(*test, 1e-8, 0.1) < 2e-4);  // 200 steps a period
  }
}
