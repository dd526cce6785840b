#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "memspice/circuit.hpp"
#include "support/approx.hpp"

using namespace memspice;

namespace {

SourceFunction function(SourceFunction::Kind kind, std::initializer_list<double> values) {
  SourceFunction f;
  f.kind = kind;
  f.values.fill(not_given);
  std::copy(values.begin(), values.end(), f.values.begin());
  return f;
}

SourceFunction piecewise(std::vector<std::pair<double, double>> points) {
  SourceFunction f;
  f.kind = SourceFunction::Kind::piecewise_linear;
  f.points = std::move(points);
  return f;
}

std::vector<double> breakpoints(const SourceFunction& f, double stop) {
  std::vector<double> times;
  for (double t = f.next_breakpoint(0); t <= stop; t = f.next_breakpoint(t)) times.push_back(t);
  return times;
}

using Times = std::vector<double>;

}  // namespace

TEST_CASE("a pulse rises, holds, falls and repeats") {
  SourceFunction f = function(SourceFunction::Kind::pulse, {1, 5, 2, 0.5, 1, 3, 10});
  f.resolve(0.1, 30);
  CHECK(f.value(1, 1) == 1);
  CHECK(f.value(2.25, 2.25) == 3);
  CHECK(f.value(4, 4) == 5);
  CHECK(f.value(6, 6) == 3);
  CHECK(f.value(9, 9) == 1);
  CHECK(f.value(12.25, 12.25) == 3);
  CHECK(breakpoints(f, 14) == Times{2, 2.5, 5.5, 6.5, 12, 12.5});
}

TEST_CASE("a pulse takes the missing times from the transient, and 0 counts as missing") {
  SourceFunction f = function(SourceFunction::Kind::pulse, {0, 1, 0, 0, 0});
  f.resolve(0.25, 8);
  CHECK(f.values == std::array<double, 7>{0, 1, 0, 0.25, 0.25, 8, 8});
  SUBCASE("without a step the rise is a thousandth of the run") {
    SourceFunction g = function(SourceFunction::Kind::pulse, {0, 1});
    g.resolve(0, 8);
    CHECK(g.values[3] == 8e-3);
  }
}

TEST_CASE("a pulse whose period ends with its fall has one corner there") {
  SourceFunction f = function(SourceFunction::Kind::pulse, {0, 1, 0.3, 0.1, 0.1, 0.1, 0.3});
  f.resolve(0.01, 3);
  const Times times = breakpoints(f, 3);
  CHECK(times.size() == 28);
  for (std::size_t i = 1; i < times.size(); ++i) CHECK(times[i] - times[i - 1] == testing::approx(0.1));
  CHECK(f.value(times[3], 0.5 * (times[2] + times[3])) == testing::approx(0).epsilon(1e-12).scale(1));
}

TEST_CASE("left and right limits of a cut-off pulse are told apart by the segment, not by the time") {
  SourceFunction f = function(SourceFunction::Kind::pulse, {0, 1, 0, 1, 1, 10, 4});
  f.resolve(0.1, 10);
  CHECK(breakpoints(f, 6) == Times{1, 4, 5});
  CHECK(f.value(4, 3.9) == 1);
  CHECK(f.value(4, 4.1) == 0);
}

TEST_CASE("a sine waits for its delay at its phase and then decays") {
  SourceFunction f = function(SourceFunction::Kind::sine, {1, 2, 0.5, 3, 0.1, 90});
  f.resolve(0.1, 10);
  CHECK(f.value(1, 1) == 3);
  const double u = 0.7;
  CHECK(f.value(3 + u, 3 + u) ==
        testing::approx(1 + 2 * std::sin(std::numbers::pi * u + std::numbers::pi / 2) * std::exp(-0.1 * u)));
  CHECK(breakpoints(f, 10) == Times{3});
  SUBCASE("no frequency means one period in the whole run") {
    SourceFunction g = function(SourceFunction::Kind::sine, {0, 1});
    g.resolve(0.1, 10);
    CHECK(g.value(2.5, 2.5) == testing::approx(1));
    CHECK(g.next_breakpoint(0) == infinity);
  }
}

TEST_CASE("an exponential rises from td1 and falls from td2") {
  SourceFunction f = function(SourceFunction::Kind::exponential, {1, 3, 1, 0.5, 4, 2});
  f.resolve(0.1, 10);
  CHECK(f.value(0.5, 0.5) == 1);
  CHECK(f.value(2, 2) == testing::approx(1 + 2 * (1 - std::exp(-2.0))));
  CHECK(f.value(5, 5) == testing::approx(1 + 2 * (1 - std::exp(-8.0)) - 2 * (1 - std::exp(-0.5))));
  CHECK(breakpoints(f, 10) == Times{1, 4});
  SourceFunction g = function(SourceFunction::Kind::exponential, {0, 1});
  g.resolve(0.25, 10);
  CHECK(g.values[2] == 0.25);
  CHECK(g.values[4] == 0.5);
}

TEST_CASE("a piecewise linear source interpolates and holds its ends") {
  const SourceFunction f = piecewise({{1, 2}, {2, 4}, {4, 0}});
  CHECK(f.value(0, 0) == 2);
  CHECK(f.value(1.5, 1.5) == 3);
  CHECK(f.value(3, 3) == 2);
  CHECK(f.value(9, 9) == 0);
  CHECK(breakpoints(f, 10) == Times{1, 2, 4});
}

TEST_CASE("equal times in a piecewise linear source are a jump") {
  const SourceFunction f = piecewise({{0, 0}, {1, 1}, {1, 5}, {2, 5}});
  CHECK(f.value(1, 0.5) == 1);
  CHECK(f.value(1, 1.5) == 5);
  CHECK(breakpoints(f, 10) == Times{1, 2});
}

TEST_CASE("a delayed and repeated piecewise linear source starts over from r") {
  SourceFunction f = piecewise({{0, 0}, {1, 1}, {3, 5}});
  f.delay = 0.5;
  f.repeat_from = 1;
  CHECK(f.value(0.25, 0.25) == 0);
  CHECK(f.value(2.5, 2.5) == 3);
  CHECK(f.value(3.5, 3.4) == testing::approx(5));
  CHECK(f.value(3.5, 3.6) == testing::approx(1));
  CHECK(f.value(6.5, 6.5) == testing::approx(3));
  CHECK(breakpoints(f, 8) == Times{0.5, 1.5, 3.5, 5.5, 7.5});
}

TEST_CASE("breakpoints of a repeated waveform never stall on rounding") {
  SourceFunction f = piecewise({{0, 0}, {0.1, 1}, {0.3, 0}});
  f.repeat_from = 0;
  f.delay = 0.7;
  double t = 0;
  int corners = 0;
  for (; t < 1000; ++corners) {
    const double next = f.next_breakpoint(t);
    REQUIRE(next - t > 0.09);
    t = next;
  }
  CHECK(corners == testing::approx(2 * 999.3 / 0.3).epsilon(1e-3));
}
