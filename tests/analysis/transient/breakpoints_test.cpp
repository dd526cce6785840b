// Rows: where they stand, that corners of sources are hit exactly, and that no promise about distances
// breaks.

#include <fmt/format.h>

#include <functional>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::DeckRun;
using memspice::testing::run_deck;

namespace {

bool has_row(const std::vector<double>& time, double t) {
  return std::ranges::find(time, t) != time.end();
}

double largest_gap(const std::vector<double>& time) {
  double gap = 0;
  for (std::size_t i = 1; i < time.size(); ++i) gap = std::max(gap, time[i] - time[i - 1]);
  return gap;
}

bool ascending(const std::vector<double>& time) {
  return std::adjacent_find(time.begin(), time.end(), std::greater_equal<>()) == time.end();
}

const std::string rc = "R1 in out 1k\nC1 out 0 1u\n";

}  // namespace

TEST_CASE("every corner of a pulse train has a row at exactly its time, with exactly its value") {
  const DeckRun result =
      run_deck("V1 in 0 PULSE(0 1 1m 0.25m 0.5m 1m 3m)\n" + rc + ".tran 0.5m 12m\n.save v(*)\n");
  const std::vector<double>& time = result.time();
  CHECK(ascending(time));
  for (int period = 0; period < 4; ++period) {
    for (const auto& [corner, value] :
         {std::pair{0.0, 0.0}, std::pair{0.25e-3, 1.0}, std::pair{1.25e-3, 1.0}, std::pair{1.75e-3, 0.0}}) {
      const double t = 1e-3 + period * 3e-3 + corner;
      if (t > 12e-3) continue;
      const auto row = std::ranges::find_if(time, [&](double at) { return std::abs(at - t) < 1e-15; });
      CAPTURE(t);
      REQUIRE(row != time.end());
      CHECK(result["v(in)"][static_cast<std::size_t>(row - time.begin())] ==
            testing::approx(value).epsilon(1e-12).scale(1));
    }
  }
}

TEST_CASE("no pulse is missed, however short against the run") {
  const DeckRun result = run_deck("V1 in 0 PULSE(0 1 0.7 1n 1n 1u)\n" + rc + ".tran 10m 1\n.save v(*)\n");
  CHECK(*std::ranges::max_element(result["v(in)"]) == 1);
  // 1 us through 1 ms: about a thousandth.
  CHECK(*std::ranges::max_element(result["v(out)"]) == testing::approx(1e-3).epsilon(2e-3));
}

TEST_CASE("a jump of a PWL source is met from the left and left to the right") {
  const DeckRun result =
      run_deck("V1 in 0 PWL(0 1 2m 1 2m 5 4m 5 4m -1)\n" + rc + ".tran 0.1m 6m\n.save v(in) i(r1)\n");
  const std::vector<double>& time = result.time();
  REQUIRE(has_row(time, 2e-3));
  REQUIRE(has_row(time, 4e-3));
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double expected = time[i] <= 2e-3 ? 1 : time[i] <= 4e-3 ? 5 : -1;
    CHECK(result["v(in)"][i] == expected);
  }
}

TEST_CASE("the row behind a jump is at most a thousandth of the segment away and has the values after it") {
  const DeckRun result =
      run_deck("V1 in 0 PULSE(0 1 1m 0.1m 0.1m 1m 9m)\nC1 in 0 1u\n.tran 0.1m 4m\n.save v(in) i(c1)\n");
  const std::vector<double>& time = result.time();
  CHECK(ascending(time));
  const double corners[] = {1e-3, 1.1e-3, 2.1e-3, 2.2e-3, 4e-3};
  const double currents[] = {0, 1e-2, 0, -1e-2, 0};  // up to each corner
  for (std::size_t k = 0; k + 1 < std::size(corners); ++k) {
    CAPTURE(corners[k]);
    const auto row = std::ranges::find_if(time, [&](double t) { return std::abs(t - corners[k]) < 1e-15; });
    REQUIRE(row != time.end());
    const auto at = static_cast<std::size_t>(row - time.begin());
    CHECK(std::abs(result["i(c1)"][at] - currents[k]) < 1e-7);
    CHECK(std::abs(result["i(c1)"][at + 1] - currents[k + 1]) < 1e-7);
    CHECK(time[at + 1] - time[at] <= 1.001e-3 * (corners[k + 1] - corners[k]));
  }
}

TEST_CASE("the first row is at 0 and the last at the stop time exactly") {
  for (const std::string tran :
       {".tran 0.3m 1m", ".tran 1m 1m", ".tran 0 1m", ".tran 1m", ".tran 0.37u 1m"}) {
    CAPTURE(tran);
    const DeckRun result = run_deck("V1 in 0 SIN(0 1 1k)\n" + rc + tran + "\n");
    CHECK(ascending(result.time()));
    CHECK(result.time().front() == 0);
    CHECK(result.time().back() == 1e-3);
    CHECK(result.analysis().end_time == 1e-3);
    CHECK(result.analysis().statistics.rows == result.rows());
  }
}

TEST_CASE("with tstart the first row is at tstart exactly and shows what happened before") {
  for (const std::string options : {"", ".options interp\n"}) {
    CAPTURE(options);
    const DeckRun result =
        run_deck("C1 out 0 1u ic=1\nR1 out 0 1k\n.tran 0.1m 3m 1.25m uic\n.save v(out)\n" + options);
    CHECK(ascending(result.time()));
    CHECK(result.time().front() == 1.25e-3);
    CHECK(result.time().back() == 3e-3);
    CHECK(result["v(out)"].front() == testing::approx(std::exp(-1.25)).epsilon(1e-3));
    CHECK(result["v(out)"].back() == testing::approx(std::exp(-3.0)).epsilon(1e-3));
  }
}

TEST_CASE("no two rows are further apart than tstep, and none need be closer for it") {
  for (const double step : {1e-3, 1e-4, 7e-6}) {
    CAPTURE(step);
    const DeckRun result =
        run_deck("V1 in 0 PULSE(0 1 1m 0.1m 0.1m 1m)\n" + rc + fmt::format(".tran {:.17g} 10m\n", step));
    CHECK(ascending(result.time()));
    CHECK(largest_gap(result.time()) <= step * (1 + 1e-9));
  }
}

TEST_CASE("no internal step is longer than tmax") {
  const std::string circuit = "C1 out 0 1u ic=1\nR1 out 0 1k\n";
  const DeckRun free = run_deck(circuit + ".tran 0 10m uic\n");
  const DeckRun bound = run_deck(circuit + ".tran 0 10m 0 20u uic\n");
  CHECK(largest_gap(free.time()) > 100e-6);
  CHECK(largest_gap(bound.time()) <= 20e-6 * (1 + 1e-9));
  CHECK(bound.analysis().statistics.steps >= 500);
}

TEST_CASE("with interp the rows are exactly the tstep grid and the stop time") {
  for (const auto& [step, rows] : {std::pair{1e-3, 11}, std::pair{3e-3, 5}, std::pair{0.1e-3, 101}}) {
    CAPTURE(step);
    const DeckRun result = run_deck("V1 in 0 PULSE(0 1 0.55m 0.1m 0.1m 1m 2m)\n" + rc +
                                    fmt::format(".tran {:.17g} 10m\n.options interp\n.save v(*)\n", step));
    REQUIRE(result.rows() == static_cast<std::size_t>(rows));
    for (std::size_t i = 0; i + 1 < result.rows(); ++i)
      CHECK(result.time()[i] == static_cast<double>(i) * step);
    CHECK(result.time().back() == 10e-3);
  }
}

TEST_CASE("rows on the grid and rows at accepted points lie on one curve") {
  const std::string deck =
      "V1 in 0 PULSE(0 1 0.55m 0.1m 0.1m 1m 2m)\n" + rc + ".save v(*)\n.options reltol=1e-7\n";
  const DeckRun grid = run_deck(deck + ".tran 1m 10m\n.options interp\n");
  const DeckRun free = run_deck(deck + ".tran 1u 10m\n");
  for (std::size_t i = 0; i < grid.rows(); ++i) {
    const auto after = std::ranges::lower_bound(free.time(), grid.time()[i]);
    const auto k = static_cast<std::size_t>(after - free.time().begin());
    if (k == 0) continue;
    const double part = (grid.time()[i] - free.time()[k - 1]) / (free.time()[k] - free.time()[k - 1]);
    const double between = free["v(out)"][k - 1] * (1 - part) + free["v(out)"][k] * part;
    CHECK(grid["v(out)"][i] == testing::approx(between).epsilon(2e-6));
  }
}

TEST_CASE("sources with corners at the same time, or almost, do not disturb each other") {
  const DeckRun result = run_deck(
      "V1 a 0 PULSE(0 1 1m 0.1m 0.1m 1m 2.2m)\nV2 b 0 PULSE(0 2 1m 0.1m 0.1m 1m 2.2m)\n"
      "V3 c 0 PULSE(0 3 1.0000000001m 0.1m 0.1m 1m 2.2m)\nR1 a x 1k\nR2 b x 1k\nR3 c x 1k\n"
      "C1 x 0 0.1u\n.tran 0.1m 10m\n.save v(*)\n");
  CHECK(ascending(result.time()));
  for (std::size_t i = 0; i < result.rows(); ++i) {
    CHECK(result["v(b)"][i] == testing::approx(2 * result["v(a)"][i]));
    CHECK(std::abs(result["v(c)"][i] - 3 * result["v(a)"][i]) < 1e-8);
  }
}

TEST_CASE("corners of two sources that only rounding keeps apart do not stop the run") {
  const DeckRun result = testing::run_deck(
      "I1 0 a PWL(0 0 0.2m 1m 0.7m -2m 1m 0) r=0 td=0.1m\nV2 d 0 PULSE(0 1 0.1m 50u 50u 0.3m 1m)\nR1 d a "
      "1k\nR2 a "
      "0 1k\nC1 a 0 1u\n.tran 10u 3m\n");
  CHECK(result.time().back() == 3e-3);
}

TEST_CASE("an interrupted run ends with the rows so far and says when") {
  const Circuit circuit = testing::circuit_of("V1 in 0 SIN(0 1 1k)\n" + rc + ".tran 10u 1\n.tran 10u 2\n");
  int steps = 0;
  RunOptions options;
  options.progress = [&](double, double) { ++steps; };
  options.interrupted = [&] { return steps >= 40; };
  const DeckRun result = testing::try_circuit(circuit, options);
  CHECK(result.report.outcome() == Outcome::interrupted);
  CHECK(result.report.analyses.size() == 1);
  CHECK(result.rows() >= 20);
  CHECK(result.time().back() == result.analysis().end_time);
  CHECK(result.analysis().message.starts_with("interrupted at t = "));
}

TEST_CASE("a run is interrupted within a step of many rows") {
  const Circuit circuit = testing::circuit_of("V1 in 0 1\nR1 in 0 1k\n.tran 1n 1\n");
  int asked = 0;
  RunOptions options;
  options.interrupted = [&] { return ++asked >= 1000; };
  const DeckRun result = testing::try_circuit(circuit, options);
  CHECK(result.report.outcome() == Outcome::interrupted);
  CHECK(result.rows() < 1100);
  CHECK(result.time().back() == result.analysis().end_time);
}

TEST_CASE("steps do not fall on the zeros of a sine only, however many periods the run has") {
  // 0.001 of a run of 500, 1000, … periods is a multiple of half a period.
  const double amplitude = 1 / std::hypot(1, 2 * M_PI);
  for (const std::string source :
       {"V1 in 0 SIN(0 1 1k)", "V1 in 0 SIN(0 1 1k 0.1)", "B1 in 0 V={sin(2*pi*1k*time)}",
        "V1 in 0 SFFM(0 1 1k 0 1k)", "V1 in 0 AM(0.5 2 0 1k)"}) {
    for (const std::string stop : {"0.5", "1"}) {
      CAPTURE(source);
      CAPTURE(stop);
      const DeckRun result = run_deck(source + "\nR1 in out 1k\nC1 out 0 1u\n.tran 10u " + stop + "\n");
      double largest = 0;
      for (std::size_t i = 0; i < result.rows(); ++i)
        if (result.time()[i] > 0.2) largest = std::max(largest, result["v(out)"][i]);
      CHECK(largest == testing::approx(amplitude).epsilon(1e-3));
    }
  }
}

TEST_CASE("progress is told after every step and reaches the stop time") {
  const Circuit circuit = testing::circuit_of("V1 in 0 SIN(0 1 1k)\n" + rc + ".tran 10u 1m\n");
  std::vector<double> times;
  RunOptions options;
  options.progress = [&](double t, double stop) {
    CHECK(stop == 1e-3);
    times.push_back(t);
  };
  const DeckRun result = testing::try_circuit(circuit, options);
  CHECK(ascending(times));
  CHECK(times.back() == 1e-3);
  CHECK(static_cast<long>(times.size()) == result.analysis().statistics.steps);
}
