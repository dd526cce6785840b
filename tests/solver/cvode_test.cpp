#include "solver/cvode.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

using namespace memspice;

namespace {

/// dy/dt = rate(y), where that is a number, and its slope.
class ScalarOde : public OdeProblem {
 public:
  ScalarOde(std::function<double(double)> rate, std::function<double(double)> slope)
      : rate_(std::move(rate)), slope_(std::move(slope)) {}
  [[nodiscard]] std::size_t size() const override { return 1; }
  bool rates(double, std::span<const double> y, std::span<double> rates) override {
    rates[0] = rate_(y[0]);
    return std::isfinite(rates[0]);
  }
  bool linearise(double, std::span<const double> y, double gamma, bool keep) override {
    if (!keep) known_slope_ = slope_(y[0]);
    pivot_ = 1 - gamma * known_slope_;
    return true;
  }
  void newton_solve(std::span<double> x) override { x[0] /= pivot_; }

 private:
  std::function<double(double)> rate_, slope_;
  double known_slope_ = 0, pivot_ = 1;
};

}  // namespace

TEST_CASE("an implicit method keeps its tolerance and ends exactly where it must") {
  ScalarOde decay([](double y) { return -1e3 * y; }, [](double) { return -1e3; });
  Cvode method(decay, 1e-9, 1e-12);
  const double one = 1;
  method.start(0, {&one, 1}, 2e-3);
  while (method.time() < 2e-3) REQUIRE(method.step());
  CHECK(method.time() == 2e-3);
  double y = 0;
  method.interpolate(2e-3, 0, {&y, 1});
  CHECK(std::abs(y - std::exp(-2)) < 1e-7);
  CHECK(method.failure().empty());
}

TEST_CASE("an implicit method says that a solution ends, and where") {
  // y = √(1 - 2t) ends at 1/2; there are no rates below 0.
  ScalarOde ending([](double y) { return y > 0 ? -1 / y : NAN; }, [](double y) { return 1 / (y * y); });
  Cvode method(ending, 1e-8, 1e-8);
  const double one = 1;
  method.start(0, {&one, 1}, 10);
  int steps = 0;
  while (steps < 100000 && method.step()) ++steps;
  CHECK(steps < 100000);
  CHECK_FALSE(method.failure().empty());
  CHECK(std::abs(method.time() - 0.5) < 1e-3);
}

TEST_CASE("an implicit method says that it cannot leave the border of where there are rates") {
  ScalarOde border([](double y) { return y >= 1 ? -1 : NAN; }, [](double) { return 0; });
  Cvode method(border, 1e-6, 1e-6);
  const double one = 1;
  method.start(0, {&one, 1}, 10);
  CHECK_FALSE(method.step());
  CHECK(method.failure() == "no step, however small, stays where the equations have a solution");
  CHECK(method.time() == 0.0);
}
