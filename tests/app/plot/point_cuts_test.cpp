#include "app/plot/point_cuts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "app/plot/points.hpp"
#include "support/program.hpp"

// Where the points of .step and of nested sweeps begin, found by the rows alone.

using namespace memspice;

namespace {

using Column = std::vector<double>;
using Starts = std::vector<std::size_t>;

app::PointCuts cuts(const std::vector<Column>& columns, bool rises = false) {
  return app::cut_points(std::vector<std::span<const double>>(columns.begin(), columns.end()), rises);
}

/// Sweeps drawn at random, and what the rows of all their points are.
struct DrawnPoints {
  Column inner;
  std::vector<Column> outer;    // the first one outermost
  std::vector<Column> columns;  // the inner value, then those of the outer sweeps
  std::vector<Column> values;   // of each point
};

DrawnPoints draw_points(std::mt19937& random) {
  const auto pick = [&](int from, int to) { return std::uniform_int_distribution(from, to)(random); };
  const auto sweep = [&](std::size_t size, bool different) {
    Column values;
    while (values.size() < size) {
      const double value = pick(-3, 6);
      if (!different || std::ranges::find(values, value) == values.end()) values.push_back(value);
    }
    return values;
  };
  DrawnPoints drawn;
  const int shape = pick(0, 3);
  drawn.inner = sweep(static_cast<std::size_t>(pick(1, 6)), shape != 0);  // a list, in any order
  if (shape == 1) std::ranges::sort(drawn.inner);
  if (shape == 2) std::ranges::sort(drawn.inner, std::greater<>());
  if (shape == 3) drawn.inner.insert(drawn.inner.end(), drawn.inner.rbegin(), drawn.inner.rend());
  for (int loops = pick(1, 3); loops > 0; --loops)
    drawn.outer.push_back(sweep(static_cast<std::size_t>(pick(2, 4)), true));
  drawn.values = {{}};
  for (const Column& loop : drawn.outer) {
    std::vector<Column> longer;
    for (const Column& point : drawn.values)
      for (const double value : loop) {
        longer.push_back(point);
        longer.back().push_back(value);
      }
    drawn.values = std::move(longer);
  }
  drawn.columns.resize(1 + drawn.outer.size());
  for (const Column& point : drawn.values)
    for (const double value : drawn.inner) {
      drawn.columns[0].push_back(value);
      for (std::size_t i = 0; i < point.size(); ++i) drawn.columns[1 + i].push_back(point[i]);
    }
  return drawn;
}

bool repeats_itself(const Column& values) {
  for (std::size_t period = 1; period < values.size(); ++period)
    if (std::equal(values.begin() + static_cast<std::ptrdiff_t>(period), values.end(), values.begin()))
      return true;
  return false;
}

std::string list_text(const Column& values) {
  std::string text = "list";
  for (const double value : values) text += " " + std::to_string(value);
  return text;
}

}  // namespace

TEST_CASE(
    "points of nested sweeps of any order and size are found, also where the last one is not complete") {
  std::mt19937 random(14);
  for (int trial = 0; trial < 4000; ++trial) {
    CAPTURE(trial);
    DrawnPoints drawn = draw_points(random);
    const std::size_t size = drawn.inner.size();
    std::size_t rows = drawn.columns[0].size();
    // The half of a sweep that repeats itself is a sweep, too.
    const bool whole = repeats_itself(drawn.inner);
    const std::size_t cut = whole ? 0 : std::uniform_int_distribution<std::size_t>(0, size - 1)(random);
    rows -= cut;
    for (Column& column : drawn.columns) column.resize(rows);
    Starts expected;
    for (std::size_t row = 0; row < rows; row += size) expected.push_back(row);
    const app::PointCuts found = cuts(drawn.columns);
    REQUIRE(found.starts == expected);
    REQUIRE(found.values == drawn.outer.size());
  }
}

TEST_CASE("points of transients and of frequencies begin where the scale falls or their values change") {
  CHECK(cuts({{0, 1, 2, 0, 1, 0, 1, 2}, {5, 5, 5, 6, 6, 6, 6, 6}}, true).starts == Starts{0, 3, 5});
  CHECK(cuts({{0, 0, 0, 1}, {5, 6, 7, 7}}, true).starts == Starts{0, 1, 2});  // failures at once
  CHECK(cuts({{1e3, 1e3, 1e3}, {5, 6, 7}}, true).starts == Starts{0, 1, 2});
  CHECK(cuts({{0, 1, 1, 2}}, true).starts == Starts{0});
  CHECK(cuts({{0, 1, 0, 1}}, true).starts == Starts{0, 2});
}

TEST_CASE("what changes within a sweep is no value of a point") {
  CHECK(cuts({{0, 1, 2, 3}, {0, 0, 1, 1}}).starts == Starts{0});
  CHECK(cuts({{0, 1, 2, 3}, {0, 2, 4, 6}}).values == 0);
  CHECK(cuts({{0, 1, 1, 2, 2, 3}, {0, 0, 1, 1, 0, 0}}, true).starts == Starts{0});  // jumps of a clock
  CHECK(cuts({{0, 1, 2, 1, 0}, {7, 7, 7, 7, 7}}).starts == Starts{0});
  CHECK(cuts({{0, 1, 2, 0, 1, 2}, {3, 3, 3, 4, 4, 4}, {0, 1, 2, 0, 1, 2}}).values == 1);
  CHECK(cuts({{0, 1, 2, 0, 1, 2}, {0, 1, 2, 0, 1, 2}}).values == 0);
  CHECK(cuts({{0, 1, 2, 0, 1, 2}}).starts == Starts{0, 3});  // of other simulators
  CHECK(cuts({{0, 1, 2, 3}}).starts == Starts{0});
  CHECK(cuts({{}}).starts.empty());
}

TEST_CASE("points of the same values in succession are as many as there are") {
  CHECK(cuts({{0, 1, 0, 1, 0, 1}, {4, 4, 4, 4, 5, 5}}).starts == Starts{0, 2, 4});
  CHECK(cuts({{0, 0, 0}, {4, 4, 5}}).starts == Starts{0, 1, 2});
  CHECK(cuts({{0, 1, 0, -1, 0, 1, 0, -1, 0}, {4, 4, 4, 4, 5, 5, 5, 5, 6}}).starts == Starts{0, 4, 8});
}

TEST_CASE("names of points' values") {
  for (const char* name : {"r", "run", "r_load", "temp", "m1:w", "x1:r2"})
    CHECK(app::names_point_value(name));
  for (const char* name : {"v(out)", "@r1[r]", "v1#branch", "onoise_spectrum", "inoise_r1"})
    CHECK(!app::names_point_value(name));
}

TEST_CASE("points of one row are a curve over what changes, and a point each for who asks for one") {
  Plot plot;
  plot.name = "AC Analysis";
  plot.vectors = {{"frequency", Quantity::frequency},
                  {"c", Quantity::notype},
                  {"r", Quantity::notype},
                  {"v(out)", Quantity::voltage}};
  plot.columns = {{1e3, 1e3, 1e3, 1e3}, {1, 1, 2, 2}, {5, 6, 5, 6}, {0.1, 0.2, 0.3, 0.4}};
  const app::PlotLayout drawn = app::layout_of(plot);
  CHECK(drawn.scale == 2);
  CHECK(drawn.point_values == Starts{0, 1});
  REQUIRE(drawn.points.size() == 2);
  CHECK(drawn.points[1].label == "c=2");
  const app::PlotLayout points = app::points_of(plot);
  REQUIRE(points.points.size() == 4);
  CHECK(points.points[3].label == "c=2 r=6");
  CHECK(points.scale == 0);
}

TEST_CASE("plot, info and compare find the points that a random nested .dc has") {
  const TemporaryFolder folder;
  std::mt19937 random(141);
  for (int trial = 0; trial < 12; ++trial) {
    const DrawnPoints drawn = draw_points(random);
    std::string deck =
        "nested\nV1 a 0 1\nR1 a b 1k\nR2 b c {r_load}\nV2 c 0 1\n.param r_load=1k g=1\nG1 0 b a 0 {g}\n";
    const std::vector<std::string> names{"g", "r_load"};
    deck += ".dc V1 " + list_text(drawn.inner) + " V2 " + list_text(drawn.outer.back()) + "\n";
    // .step stands outermost.
    for (std::size_t i = 0; i + 1 < drawn.outer.size(); ++i) {
      Column values = drawn.outer[i];
      for (double& value : values) value += 10;
      deck += ".step param " + names[i] + " " + list_text(values) + "\n";
    }
    CAPTURE(deck);
    write_bytes(folder.file("deck.cir"), deck);
    REQUIRE(run_command(folder, "$MEMSPICE -q deck.cir -o out.raw").code == 0);
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE info --json out.raw");
    REQUIRE(outcome.code == 0);
    const nlohmann::json points = nlohmann::json::parse(outcome.out).at("plots")[0].at("points");
    REQUIRE(points.size() == drawn.values.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
      CHECK(points[i].at("rows") == drawn.inner.size());
      CHECK(points[i].at("values").size() == drawn.outer.size());
      CHECK(points[i].at("values").at("v2") == drawn.values[i].back());
    }
    CHECK(run_command(folder, "$MEMSPICE compare out.raw --points 1:1").code == 0);
    REQUIRE(run_command(folder, "$MEMSPICE plot out.raw 'v(b)' -q -o out.gp").code == 0);
    const std::string script = read_bytes(folder.file("out.gp"));
    const std::string_view mark = " using 1:2 with lines";
    std::size_t curves = 0;
    for (std::size_t at = script.find(mark); at != std::string::npos; at = script.find(mark, at + 1))
      ++curves;
    CHECK(curves == drawn.values.size() / (drawn.inner.size() == 1 ? drawn.outer.back().size() : 1));
  }
}

TEST_CASE("plots of the points of a stepped source are joined, those of two sweeps of it are not") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "a\nV1 a 0 1\nR1 a 0 1k\n.tran 1u 3u\n.step V1 list 1 2 3\n");
  write_bytes(folder.file("twice.cir"), "a\nV1 a 0 1\nR1 a 0 1k\n.dc V1 0 1 1\n.dc V1 0 2 1\n");
  REQUIRE(run_command(folder, "$MEMSPICE -q deck.cir -o deck.raw --plot-per-step").code == 0);
  REQUIRE(run_command(folder, "$MEMSPICE -q twice.cir -o twice.raw").code == 0);
  CHECK(run_command(folder, "$MEMSPICE compare deck.raw --points v1=2:v1=2").code == 0);
  CHECK(app::join_points(read_waveforms(folder.file("deck.raw"))).size() == 1);
  CHECK(app::join_points(read_waveforms(folder.file("twice.raw"))).size() == 2);
}
