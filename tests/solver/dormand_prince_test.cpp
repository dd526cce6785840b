#include "solver/dormand_prince.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "solver/cvode.hpp"
#include "support/random.hpp"

using namespace memspice;

namespace {

using Rates = std::function<bool(double, std::span<const double>, std::span<double>)>;

class Problem : public OdeProblem {
 public:
  Problem(std::size_t size, Rates rates) : size_(size), rates_(std::move(rates)) {}
  [[nodiscard]] std::size_t size() const override { return size_; }
  bool rates(double t, std::span<const double> y, std::span<double> rates) override {
    return rates_(t, y, rates);
  }
  bool linearise(double, std::span<const double>, double, bool) override { return false; }
  void newton_solve(std::span<double>) override {}

 private:
  std::size_t size_;
  Rates rates_;
};

// A pendulum without friction in small swings: y = cos t, -sin t; the third unknown would be t.
const Rates swing = [](double, std::span<const double> y, std::span<double> rates) {
  rates[0] = y[1];
  rates[1] = -y[0];
  rates[2] = 1;
  return true;
};

void start(DormandPrince& method, Problem& problem, std::vector<double> y, const std::vector<bool>& held,
           double end) {
  std::vector<double> rates(y.size());
  REQUIRE(problem.rates(0, y, rates));
  method.start(0, y, rates, held, end, end);
}

}  // namespace

TEST_CASE("the first step fits the rates: it need not be repeated, whatever unit the time has") {
  testing::Random random(28);
  for (int i = 0; i < 50; ++i) {
    const double rate = random.logarithmic(1e-6, 1e9);
    Problem problem(2, [&](double, std::span<const double> y, std::span<double> rates) {
      rates[0] = -rate * y[0];
      rates[1] = 0.1 * rate * y[0];
      return true;
    });
    DormandPrince method(problem, 1e-9, 100 / rate);
    start(method, problem, {random.uniform(0.1, 1), 0}, {false, false}, 100 / rate);
    REQUIRE(method.step());
    CHECK(method.statistics().rejected_steps == 0);
    CHECK(method.time() * rate > 1e-6);
  }
}

TEST_CASE("an explicit step keeps its tolerance, between its ends too, and ends exactly where it must") {
  Problem problem(3, swing);
  for (const double tolerance : {1e-6, 1e-9, 1e-12}) {
    DormandPrince method(problem, tolerance, 10);
    start(method, problem, {1, 0, 0}, {false, false, false}, 10);
    double worst = 0, worst_slope = 0;
    while (method.time() < 10) {
      REQUIRE(method.step());
      for (int n = 0; n <= 7; ++n) {
        const double t = method.begin() + (method.time() - method.begin()) * n / 7;
        worst = std::max(worst, std::abs(method.interpolate(t, 0, std::size_t{0}) - std::cos(t)));
        worst_slope = std::max(worst_slope, std::abs(method.interpolate(t, 1, std::size_t{0}) + std::sin(t)));
        CHECK(std::abs(method.interpolate(t, 0, std::size_t{2}) - t) <= 1e-13);
      }
    }
    CHECK(method.time() == 10.0);
    CHECK(worst <= 20 * tolerance + 1e-14);
    CHECK(worst_slope <= 200 * tolerance + 1e-13);
    CHECK(method.statistics().steps <= 130);
  }
}

TEST_CASE("a held unknown does not move, and its rate is told all the same") {
  Problem problem(3, swing);
  DormandPrince method(problem, 1e-10, 1);
  start(method, problem, {1, 0, 0.5}, {false, false, true}, 2);
  while (method.time() < 2) REQUIRE(method.step());
  CHECK(method.interpolate(2, 0, std::size_t{2}) == 0.5);
  CHECK(method.interpolate(0.5 * (method.begin() + 2), 0, std::size_t{2}) == 0.5);
  CHECK(method.interpolate(2, 1, std::size_t{2}) == 0.0);
  CHECK(method.rates(2).lowest == 1.0);
  CHECK(method.last_rates()[2] == 1.0);
  CHECK(std::abs(method.interpolate(2, 0, std::size_t{0}) - std::cos(2.0)) <= 1e-9);
}

TEST_CASE("a step can be made anew and shorter") {
  Problem problem(3, swing);
  DormandPrince method(problem, 1e-10, 1);
  start(method, problem, {1, 0, 0}, {false, false, false}, 5);
  while (method.time() < 1) REQUIRE(method.step());
  const double begin = method.begin();
  const long steps = method.statistics().steps;
  REQUIRE(method.retry(1e-3));
  CHECK(method.begin() == begin);
  CHECK(method.time() == begin + 1e-3);
  CHECK(method.statistics().steps == steps);
  CHECK(std::abs(method.interpolate(method.time(), 0, std::size_t{0}) - std::cos(method.time())) <= 1e-9);
}

TEST_CASE("an explicit method says that a problem is stiff, or that its solution ends") {
  Problem stiff(1, [](double t, std::span<const double> y, std::span<double> rates) {
    rates[0] = -1e4 * (y[0] - std::sin(t));
    return true;
  });
  DormandPrince method(stiff, 1e-9, 1);
  start(method, stiff, {0}, {false}, 10);
  while (!method.stiff() && method.time() < 10) REQUIRE(method.step());
  CHECK(method.time() < 0.1);

  // y = √(1 - 2t) ends at 1/2; outside the domain the rates do not exist.
  Problem ending(1, [](double, std::span<const double> y, std::span<double> rates) {
    rates[0] = -1 / y[0];
    return y[0] > 0;
  });
  DormandPrince towards(ending, 1e-12, 1);
  start(towards, ending, {1}, {false}, 10);
  bool goes_on = true;
  while (goes_on) goes_on = towards.step();
  CHECK_FALSE(towards.stiff());
  CHECK(towards.failure() == "its steps have shrunk to nothing");
  CHECK(std::abs(towards.time() - 0.5) <= 1e-9);
}
