#include "memspice/curve.hpp"

#include <doctest/doctest.h>

#include "memspice/model.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"

using namespace memspice;

TEST_CASE("a curve goes through its points, turns only at them, and its slope is what differences give") {
  testing::Random random(7);
  for (int k = 0; k < 50; ++k) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < 2 + random.below(20); ++i) {
      x.push_back((x.empty() ? 0 : x.back()) + random.logarithmic(1e-3, 1));
      y.push_back(random.uniform(-1, 1));
    }
    const Curve curve(x, y);
    CHECK(curve(x.front() - 1) == y.front());
    CHECK(curve(x.back() + 1) == y.back());
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      CHECK(curve(x[i]) == testing::approx(y[i]));
      double before = y[i];
      for (int part = 1; part <= 20; ++part) {
        const double at = x[i] + (x[i + 1] - x[i]) * part / 20;
        const double now = curve(at);
        CHECK((now - before) * (y[i + 1] - y[i]) >= -1e-15);
        before = now;
      }
      const double middle = 0.4 * x[i] + 0.6 * x[i + 1], h = 1e-6 * (x[i + 1] - x[i]);
      CHECK(curve(Dual<1>::variable(middle, 0)).derivative[0] ==
            testing::approx((curve(middle + h) - curve(middle - h)) / (2 * h)).epsilon(1e-6).scale(1));
    }
  }
}
