// The states of free motions: memspice/detail/reflection.hpp against the definition, a long sum of small
// changes that the bounds cut off.

#include "memspice/detail/reflection.hpp"

#include <doctest/doctest.h>

#include "support/approx.hpp"
#include "support/random.hpp"

using namespace memspice;

namespace {

/// The cubic that reflect() means.
double cubic(const PathPoint& from, double free, double rate, double elapsed, double s) {
  const double change = free - from.free;
  const double first = elapsed * from.rate;
  const double last = elapsed * rate;
  return s * (first + s * (3 * change - 2 * first - last + s * (first + last - 2 * change)));
}

double cut_off_sum(const PathPoint& from, double free, double rate, double elapsed) {
  constexpr int pieces = 200000;
  double w = from.state;
  double before = 0;
  for (int k = 1; k <= pieces; ++k) {
    const double now = cubic(from, free, rate, elapsed, static_cast<double>(k) / pieces);
    w = std::clamp(w + now - before, 0.0, 1.0);
    before = now;
  }
  return w;
}

}  // namespace

TEST_CASE("a state is what the bounds leave of its free motion, wherever that turned") {
  testing::Random random(11);
  for (int k = 0; k < 60; ++k) {
    CAPTURE(k);
    const double elapsed = random.logarithmic(1e-6, 10);
    const double end = random.coin() ? (random.coin() ? 1.0 : 0.0) : random.uniform(0, 1);
    const PathPoint from{random.uniform(-5, 5), random.uniform(-4, 4) / elapsed, end};
    const double rate = random.uniform(-4, 4) / elapsed;
    // One turn at most: what an integrator's step leaves of a drive.
    const double free = from.free + 0.5 * elapsed * (from.rate + rate) * random.uniform(0.9, 1.1);
    if (from.rate * rate > 0 && (free - from.free) * rate < 0) continue;
    const Reflected found = reflect(from, free, rate, elapsed, 0, 0, 1);
    CHECK(found.state ==
          testing::approx(cut_off_sum(from, free, rate, elapsed)).epsilon(0).scale(1).epsilon(1e-3));
    CHECK(found.state >= 0);
    CHECK(found.state <= 1);
  }
}

TEST_CASE("the slope of a state by its free motion is what differences give") {
  testing::Random random(12);
  for (int k = 0; k < 200; ++k) {
    CAPTURE(k);
    const double elapsed = random.logarithmic(1e-3, 10);
    const double c = random.uniform(1, 3) / elapsed;
    const PathPoint from{random.uniform(-5, 5), random.uniform(-2, 2) / elapsed, random.uniform(0, 1)};
    const double free = from.free + random.uniform(-1, 1);
    const double rate = random.uniform(-2, 2) / elapsed;
    constexpr double step = 1e-7;
    const auto at = [&](double by) {
      return reflect(from, free + by, rate + c * by, elapsed, c, 0, 1).state;
    };
    const double ahead = (at(step) - at(0)) / step;
    const double behind = (at(0) - at(-step)) / step;
    if (std::abs(ahead - behind) > 1e-4) continue;  // a bound or a turn in between
    CHECK(reflect(from, free, rate, elapsed, c, 0, 1).slope == testing::approx(ahead).epsilon(1e-4).scale(1));
  }
}
