#include "random/draws.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "support/approx.hpp"

using namespace memspice;

namespace {

struct Moments {
  double mean = 0, deviation = 0, least = 1e300, most = -1e300;
};

Moments moments(const std::function<double(RandomStream&)>& draw) {
  constexpr int count = 100'000;
  RandomStream stream(3, "test");
  Moments result;
  double squares = 0;
  for (int i = 0; i < count; ++i) {
    const double x = draw(stream);
    result.mean += x / count;
    squares += x * x / count;
    result.least = std::min(result.least, x);
    result.most = std::max(result.most, x);
  }
  result.deviation = std::sqrt(squares - result.mean * result.mean);
  return result;
}

}  // namespace

TEST_CASE("the random functions have the mean and the spread of their names") {
  const Moments gauss = moments([](RandomStream& s) { return draw_gauss(s, 10, 0.3, 3); });
  CHECK(gauss.mean == testing::approx(10).epsilon(0.001));
  CHECK(gauss.deviation == testing::approx(1).epsilon(0.01));
  const Moments agauss = moments([](RandomStream& s) { return draw_agauss(s, 10, 6, 3); });
  CHECK(agauss.mean == testing::approx(10).epsilon(0.002));
  CHECK(agauss.deviation == testing::approx(2).epsilon(0.01));
  const Moments unif = moments([](RandomStream& s) { return draw_unif(s, 10, 0.2); });
  CHECK(unif.mean == testing::approx(10).epsilon(0.001));
  CHECK(unif.least == testing::approx(8).epsilon(0.001));
  CHECK(unif.most == testing::approx(12).epsilon(0.001));
  const Moments aunif = moments([](RandomStream& s) { return draw_aunif(s, 10, 3); });
  CHECK(aunif.least == testing::approx(7).epsilon(0.001));
  CHECK(aunif.deviation == testing::approx(3 / std::sqrt(3)).epsilon(0.01));
  const Moments limit = moments([](RandomStream& s) { return draw_limit(s, 10, 3); });
  CHECK(limit.deviation == testing::approx(3).epsilon(0.01));
  CHECK(limit.least == 7);
  CHECK(limit.most == 13);
}

TEST_CASE("random steps stay for a whole number, and the smooth way passes through them") {
  CHECK(random_step(3) == random_step(3.9));
  CHECK(random_step(3) != random_step(4));
  CHECK(random_step(-0.5) == random_step(-1));
  for (int i = -3; i < 3; ++i) CHECK(random_smooth(i) == random_step(i));
  CHECK(random_smooth(2.5) == testing::approx((random_step(2) + random_step(3)) / 2));
  double mean = 0;
  for (int i = 0; i < 10000; ++i) mean += random_step(i) / 10000;
  CHECK(mean == testing::approx(0.5).epsilon(0.02));
  CHECK(random_step(1e300) == random_step(2e300));
}
