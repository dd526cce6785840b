#include "waveform/compare.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "base/wildcard.hpp"
#include "support/approx.hpp"
#include "waveform/merged_grid.hpp"

using namespace memspice;

namespace {

using Doubles = std::vector<double>;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Plot transient(Doubles times, Doubles values, const std::string& vector = "v(1)") {
  Plot plot;
  plot.name = "Transient Analysis";
  plot.vectors = {{"time", Quantity::time}, {vector, Quantity::voltage}};
  plot.columns = {std::move(times), std::move(values)};
  return plot;
}

Plot sweep(Doubles scale, Doubles values) {
  Plot plot = transient(std::move(scale), std::move(values));
  plot.name = "DC transfer characteristic";
  plot.vectors[0] = {"v(v-sweep)", Quantity::voltage};
  return plot;
}

Plot operating_point(Doubles values) {
  Plot plot;
  plot.name = "Operating Point";
  for (std::size_t i = 0; i < values.size(); ++i) {
    plot.vectors.push_back({"v(" + std::to_string(i) + ")", Quantity::voltage});
    plot.columns.push_back({values[i]});
  }
  return plot;
}

Plot ac(Doubles frequencies, Doubles real, Doubles imaginary) {
  Plot plot;
  plot.name = "AC Analysis";
  plot.complex = true;
  plot.vectors = {{"frequency", Quantity::frequency}, {"v(1)", Quantity::voltage}};
  plot.imaginary = {Doubles(frequencies.size()), std::move(imaginary)};
  plot.columns = {std::move(frequencies), std::move(real)};
  return plot;
}

VectorDifference only(const Plot& first, const Plot& second) {
  const Comparison comparison = compare({first}, {second}, {});
  REQUIRE(comparison.plots.size() == 1);
  REQUIRE(comparison.plots[0].vectors.size() == 1);
  return comparison.plots[0].vectors[0];
}

Doubles grid(std::size_t points) {
  Doubles values;
  for (std::size_t i = 0; i < points; ++i)
    values.push_back(static_cast<double>(i) / static_cast<double>(points - 1));
  return values;
}

std::string error_of(const std::vector<Plot>& first, const std::vector<Plot>& second,
                     const CompareOptions& options) {
  try {
    compare(first, second, options);
  } catch (const CompareError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a straight line is the same on whatever grid") {
  const auto result =
      only(transient({0, 0.3, 1}, {0, 0.6, 2}), transient({0, 0.1, 0.5, 0.77, 1}, {0, 0.2, 1, 1.54, 2}));
  CHECK(result.maximum < 1e-15);
  CHECK(result.rms < 1e-15);
  CHECK(result.range == 2);
  CHECK(result.within());
}

TEST_CASE("the largest difference is found at a point that only one of the grids has") {
  // The chord of t² over a step h lies h²/4 above the curve in its middle.
  const auto squares = [](Doubles times) {
    Doubles values;
    for (const double t : times) values.push_back(t * t);
    return values;
  };
  for (const bool swapped : {false, true}) {
    const Plot fine = transient(grid(101), squares(grid(101)));
    const Plot coarse = transient({0, 0.4, 1}, {0, 0.16, 1});
    const auto result = swapped ? only(coarse, fine) : only(fine, coarse);
    CHECK(result.maximum == testing::approx(0.6 * 0.6 / 4));
    CHECK(result.where == testing::approx(0.7));
    CHECK(result.range == testing::approx(1));
    CHECK(result.relative_maximum() == testing::approx(0.09));
    CHECK(!result.within());
  }
}

TEST_CASE("rms weighs time, not points") {
  // Off by 1 during the first hundredth of the time, where nearly all points are crowded.
  Doubles times = grid(1001);
  for (double& t : times) t *= 0.01;
  Doubles values(times.size(), 1.0);
  times.insert(times.end(), {0.01, 1.0});
  values.insert(values.end(), {0.0, 0.0});
  const auto result = only(transient({0, 1}, {0, 0}), transient(times, values));
  CHECK(result.maximum == 1);
  CHECK(result.rms == testing::approx(0.1));
}

TEST_CASE("rms of a ramp is its height by the square root of three") {
  const auto result = only(transient(grid(2001), Doubles(2001, 0.0)), transient({0, 1}, {0, 3}));
  CHECK(result.rms == testing::approx(std::sqrt(3.0)).epsilon(1e-6));
}

TEST_CASE("a constant is measured by its magnitude, rounding errors do not make it vary") {
  const auto result = only(transient({0, 1, 2}, {-5, -5.000000001, -5}), transient({0, 2}, {-5.001, -5.001}));
  CHECK(result.range == testing::approx(5));
  CHECK(result.relative_maximum() == testing::approx(2e-4));
  CHECK(result.within());
  const auto zero = only(transient({0, 1}, {0, 0}), transient({0, 1}, {0, 1e-13}));
  CHECK(zero.range == 0);
  CHECK(zero.within());
  CHECK(only(transient({0, 1}, {0, 0}), transient({0, 1}, {0, 0})).relative_maximum() == 0);
}

TEST_CASE("at a jump left is compared with left and right with right") {
  const Plot step = transient({0, 1, 1, 2}, {0, 0, 1, 1});
  CHECK(only(step, transient({0, 0.5, 1, 1, 1.5, 2}, {0, 0, 0, 1, 1, 1})).maximum == 0);
  const auto late = only(step, transient({0, 1.25, 1.25, 2}, {0, 0, 1, 1}));
  CHECK(late.maximum == 1);
  CHECK(late.rms == testing::approx(std::sqrt(0.25 / 2)));
  // A ramp of finite steepness differs from a jump by half of it on either side.
  const auto ramp = only(step, transient({0, 0.9, 1.1, 2}, {0, 0, 1, 1}));
  CHECK(ramp.maximum == testing::approx(0.5));
  CHECK(ramp.where == 1);
  // Of three values at the same time the outer two count.
  CHECK(only(step, transient({0, 1, 1, 1, 2}, {0, 0, 7, 1, 1})).maximum == 0);
}

TEST_CASE("only the common range counts, and both ranges are told") {
  const auto result = compare({transient({0, 1, 2}, {0, 1, 2})}, {transient({0.5, 1.5}, {0.5, 1.5})}, {});
  const PlotDifference& plot = result.plots.at(0);
  CHECK(plot.vectors[0].maximum == 0);
  CHECK(plot.vectors[0].range == 1);
  CHECK(plot.common.from == 0.5);
  CHECK(plot.common.to == 1.5);
  CHECK(plot.common.points == 3);
  CHECK(plot.first.to == 2);
  CHECK(plot.second.from == 0.5);
  CHECK_FALSE(result.covers_all());
  CHECK(compare({transient({0, 1}, {0, 1})}, {transient({0, 1 - 1e-9}, {0, 1})}, {}).covers_all());
  // A single common point is enough.
  CHECK(only(transient({0, 1}, {0, 1}), transient({1, 2}, {1.5, 2})).rms == 0.5);
}

TEST_CASE("sweeps may run down, restart and turn") {
  CHECK(only(sweep({2, 1, 0}, {4, 2, 0}), sweep({0, 0.5, 2}, {0, 1, 4})).maximum == 0);
  const Plot nested = sweep({0, 1, 2, 0, 1, 2}, {0, 1, 2, 5, 6, 7});
  CHECK(only(nested, sweep({0, 2, 0, 2}, {0, 2, 5, 7})).maximum == 0);
  const auto result = only(nested, sweep({0, 2, 0, 2}, {0, 2, 5, 8}));
  CHECK(result.maximum == 1);
  CHECK(result.where == 2);
  CHECK(result.rms == testing::approx(std::sqrt((0.5 * (0 + 0.25) + 0.5 * (0.25 + 1)) / 4)));
  const Plot turning = sweep({0, 1, 2, 1, 0}, {0, 1, 2, 3, 4});
  CHECK(only(turning, turning).maximum == 0);
  const auto short_of_one = compare({nested}, {sweep({0, 1, 2}, {0, 1, 2})}, {});
  CHECK(short_of_one.plots[0].first.blocks == 2);
  CHECK(short_of_one.plots[0].second.blocks == 1);
  CHECK(short_of_one.plots[0].common.blocks == 1);
}

TEST_CASE("complex vectors differ by the magnitude of their difference") {
  const auto result = only(ac({1, 10}, {1, 0}, {0, -1}), ac({1, 10}, {1, 0.3}, {0, -0.6}));
  CHECK(result.maximum == testing::approx(0.5));
  CHECK(result.where == 10);
  CHECK(result.range == 1);
}

TEST_CASE("NaN equals NaN and nothing else, infinity equals itself") {
  CHECK(
      only(transient({0, 1, 2}, {0, not_a_number, 2}), transient({0, 1, 2}, {0, not_a_number, 2})).maximum ==
      0);
  const auto result = only(transient({0, 1, 2}, {0, 1, 2}), transient({0, 1, 2}, {0, not_a_number, 2}));
  CHECK(std::isinf(result.maximum));
  CHECK(result.where == 1);
  CHECK(!result.within());
  CHECK(only(transient({0, 1}, {HUGE_VAL, 2}), transient({0, 1}, {HUGE_VAL, 2})).maximum == 0);
  // A scale that is no number (a vector that ended early) takes its row out.
  CHECK(only(transient({0, 1, not_a_number}, {0, 1, 99}), transient({0, 1}, {0, 1})).maximum == 0);
}

TEST_CASE("operating points are compared value by value, their first vector too") {
  const auto result = compare({operating_point({1, 2, 3})}, {operating_point({1.5, 2, 3})}, {});
  const PlotDifference& plot = result.plots.at(0);
  CHECK(plot.scale.empty());
  REQUIRE(plot.vectors.size() == 3);
  CHECK(plot.vectors[0].first == "v(0)");
  CHECK(plot.vectors[0].maximum == 0.5);
  CHECK(plot.vectors[0].range == 1);
  CHECK(result.exceeding() == 1);
}

TEST_CASE("plots pair by name, then by order; what has no partner is listed") {
  const Plot first_run = transient({0, 1}, {0, 1});
  const Plot second_run = transient({0, 1}, {5, 6});
  Plot unnamed = second_run;
  unnamed.name.clear();
  const auto by_order = compare({operating_point({1}), first_run, second_run}, {first_run, unnamed}, {});
  REQUIRE(by_order.plots.size() == 2);
  CHECK(by_order.plots[0].vectors[0].maximum == 0);
  CHECK(by_order.plots[1].vectors[0].maximum == 0);
  CHECK(by_order.only_first == std::vector<std::string>{"Operating Point"});
  const auto spare = compare({first_run}, {first_run, second_run}, {});
  CHECK(spare.only_second == std::vector<std::string>{"Transient Analysis"});
}

TEST_CASE("vectors are found in any case, by a map and without the ignored ones") {
  Plot first = transient({0, 1}, {0, 1}, "V(Out)");
  first.vectors.push_back({"w(y1)", Quantity::notype});
  first.columns.push_back({0, 1});
  first.vectors.push_back({"i(v1)", Quantity::current});
  first.columns.push_back({0, 1});
  Plot second = transient({0, 1}, {0, 1}, "v(out)");
  second.vectors.push_back({"xm.state", Quantity::notype});
  second.columns.push_back({0, 2});
  second.vectors.push_back({"n1#branch", Quantity::current});
  second.columns.push_back({0, 1});
  const auto plain = compare({first}, {second}, {});
  CHECK(plain.plots[0].vectors.size() == 1);
  CHECK(plain.plots[0].only_first == std::vector<std::string>{"w(y1)", "i(v1)"});
  CHECK(plain.plots[0].only_second == std::vector<std::string>{"xm.state", "n1#branch"});
  const auto mapped =
      compare({first}, {second}, {.map = {{"W(Y1)", "XM.state"}}, .ignore = {"i(*", "*#BRANCH"}});
  REQUIRE(mapped.plots[0].vectors.size() == 2);
  CHECK(mapped.plots[0].vectors[0].first == "w(y1)");  // the worst comes first
  CHECK(mapped.plots[0].vectors[0].second == "xm.state");
  CHECK(mapped.worst() == mapped.plots[0].vectors.data());
  CHECK(mapped.plots[0].only_first.empty());
  CHECK(mapped.plots[0].only_second.empty());
}

TEST_CASE("tolerances add up and decide") {
  const Plot first = transient({0, 1}, {0, 10});
  const Plot second = transient({0, 1}, {0, 10.5});
  const auto exceeding = [&](double reltol, double abstol) {
    return compare({first}, {second}, {.reltol = reltol, .abstol = abstol}).exceeding();
  };
  CHECK(exceeding(0.049, 0) == 1);
  CHECK(exceeding(0.051, 0) == 0);
  CHECK(exceeding(0.03, 0.1) == 1);
  CHECK(exceeding(0.03, 0.3) == 0);
}

TEST_CASE("what cannot be compared is said") {
  const Plot plot = transient({0, 1}, {0, 1});
  CHECK(error_of({plot}, {ac({1}, {1}, {1})}, {}) == "the two files have no plot of the same kind");
  CHECK(error_of({plot}, {transient({0, 1}, {0, 1}, "v(2)")}, {}) ==
        "the two files have no vector of the same name to compare");
  CHECK(error_of({plot}, {transient({2, 3}, {0, 1})}, {}) ==
        "the plots 'Transient Analysis' have no common range of 'time'");
  CHECK(error_of({plot}, {plot}, {.map = {{"v(9)", "v(1)"}}}) ==
        "no plot of the first file has a vector 'v(9)' to map");
  CHECK(error_of({plot}, {plot}, {.map = {{"v(1)", "v(9)"}}}) ==
        "no plot of the second file has a vector 'v(9)' to map");
  CHECK(error_of({transient({}, {})}, {plot}, {}) ==
        "the plots 'Transient Analysis' have no common range of 'time'");
}

TEST_CASE("a grid that is taken in pieces is the same as in one") {
  const Doubles scale = grid(1000);
  const auto blocks = split_scale(scale);
  REQUIRE(blocks.size() == 1);
  MergedGrid whole(blocks[0], blocks[0]);
  MergedGrid pieces(blocks[0], blocks[0]);
  std::vector<GridPoint> all;
  std::vector<GridPoint> piece;
  whole.next(all, 5000);
  CHECK(all.size() == 1000);
  std::size_t count = 0;
  for (pieces.next(piece, 7); !piece.empty(); pieces.next(piece, 7)) {
    for (const GridPoint& point : piece) REQUIRE(point.scale == all[count++].scale);
  }
  CHECK(count == 1000);
}

TEST_CASE("wildcards match whole names in any case") {
  CHECK(matches("v(*)", "V(out)"));
  CHECK(matches("*a*b*", "xxaxxbxx"));
  CHECK(matches("v(?)", "v(1)"));
  CHECK(!matches("v(?)", "v(12)"));
  CHECK(!matches("v(", "v(1)"));
  CHECK(matches("*", ""));
  CHECK(!matches("?", ""));
  CHECK(matches("a*", "a*b"));
}

TEST_CASE("every row of sweeps of one value is compared, and one that is missing is told") {
  const auto at_one_value = [](const Doubles& values) { return sweep(Doubles(values.size(), 1.0), values); };
  CHECK(only(at_one_value({0, 1, 2, 3}), at_one_value({0, 1, 7, 3})).maximum == 5);
  CHECK(compare({at_one_value({0, 1, 2, 3})}, {at_one_value({0, 1, 2, 3})}, {}).covers_all());
  CHECK(!compare({at_one_value({0, 1, 2, 3})}, {at_one_value({0, 1, 2})}, {}).covers_all());
  const Plot first = ac({1e3, 1e3, 1e3}, {1, 2, 3}, {0, 0, 0});
  CHECK(only(first, ac({1e3, 1e3, 1e3}, {1, 4, 3}, {0, 0, 0})).maximum == 2);
  CHECK_THROWS_AS(compare({first}, {ac({2e3, 2e3, 2e3}, {1, 2, 3}, {0, 0, 0})}, {}), CompareError);
}
