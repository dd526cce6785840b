#include "solver/ida.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <vector>

#include "support/approx.hpp"

using namespace memspice;

namespace {

/// dy/dt = f(t, y), one unknown.
struct Scalar final : DaeProblem {
  std::function<double(double, double)> rate;
  std::function<double(double, double)> slope;  // ∂f/∂y
  double tolerance = 1e-6;
  double jacobian = 0;

  std::size_t size() const override { return 1; }
  bool residual(double t, const double* y, const double* derivative, double, double* r) override {
    r[0] = derivative[0] - rate(t, y[0]);
    return std::isfinite(r[0]);
  }
  bool linearise(double t, const double* y, const double*, double c) override {
    jacobian = c - slope(t, y[0]);
    return jacobian != 0;
  }
  bool solve(double* b, double scale) override {
    b[0] *= scale / jacobian;
    return true;
  }
  void weights(const double*, double, double* weight) override { weight[0] = 1 / tolerance; }
};

Scalar decay() {
  Scalar problem;
  problem.rate = [](double, double y) { return -y; };
  problem.slope = [](double, double) { return -1.0; };
  return problem;
}

StepOutcome run_to_stop(Ida& ida) {
  StepOutcome outcome = ida.step(std::numeric_limits<double>::infinity());
  while (outcome == StepOutcome::accepted) outcome = ida.step(std::numeric_limits<double>::infinity());
  return outcome;
}

}  // namespace

TEST_CASE("a decay reaches its stop time exactly and within ten tolerances") {
  Scalar problem = decay();
  Ida ida(problem, {});
  const double y = 1, slope = -1;
  ida.start(0, {&y, 1}, {&slope, 1}, 0.7);
  REQUIRE(run_to_stop(ida) == StepOutcome::reached_stop);
  CHECK(ida.time() == 0.7);
  CHECK(std::abs(ida.y()[0] - std::exp(-0.7)) < 10 * problem.tolerance);
  CHECK(std::abs(ida.derivative()[0] + ida.y()[0]) < 100 * problem.tolerance);
}

TEST_CASE("the interpolant between two accepted points is as good as the points") {
  Scalar problem = decay();
  Ida ida(problem, {});
  const double y = 1, slope = -1;
  ida.start(0, {&y, 1}, {&slope, 1}, 1);
  double previous = 0;
  while (ida.step(std::numeric_limits<double>::infinity()) == StepOutcome::accepted) {
    const double t = 0.5 * (previous + ida.time());
    double between = 0, rate = 0;
    ida.interpolate(t, {&between, 1}, {&rate, 1});
    CHECK(std::abs(between - std::exp(-t)) < 10 * problem.tolerance);
    previous = ida.time();
  }
}

TEST_CASE("counters add up over restarts") {
  Scalar problem = decay();
  Ida ida(problem, {});
  double y = 1, slope = -1;
  ida.start(0, {&y, 1}, {&slope, 1}, 1);
  REQUIRE(run_to_stop(ida) == StepOutcome::reached_stop);
  const IdaStatistics first = ida.statistics();
  CHECK(first.steps > 0);
  CHECK(first.residuals >= first.newton_iterations);
  y = ida.y()[0];
  slope = -y;
  ida.start(1, {&y, 1}, {&slope, 1}, 2);
  REQUIRE(run_to_stop(ida) == StepOutcome::reached_stop);
  CHECK(ida.statistics().steps > first.steps);
  CHECK(ida.statistics().newton_iterations > first.newton_iterations);
  CHECK(std::abs(ida.y()[0] - std::exp(-2)) < 20 * problem.tolerance);
}

TEST_CASE("no step is longer than the largest step") {
  Scalar problem = decay();
  problem.tolerance = 1;
  Ida ida(problem, {.max_order = 5, .max_step = 0.05});
  const double y = 1, slope = -1;
  ida.start(0, {&y, 1}, {&slope, 1}, 1);
  double previous = 0;
  StepOutcome outcome = StepOutcome::accepted;
  while (outcome == StepOutcome::accepted) {
    outcome = ida.step(std::numeric_limits<double>::infinity());
    CHECK(ida.time() - previous <= 0.05 * (1 + 1e-12));
    previous = ida.time();
  }
}

TEST_CASE("an exception from the equations comes out of step() as it was thrown") {
  Scalar problem = decay();
  problem.rate = [](double t, double y) -> double {
    if (t > 0.3) throw std::domain_error("no further");
    return -y;
  };
  Ida ida(problem, {});
  const double y = 1, slope = -1;
  ida.start(0, {&y, 1}, {&slope, 1}, 1);
  CHECK_THROWS_WITH_AS(run_to_stop(ida), "no further", std::domain_error);
}

TEST_CASE("a solution that blows up ends with a failure at its pole, not with nonsense") {
  Scalar problem;
  problem.rate = [](double, double y) { return y * y; };  // y = 1/(1 - t)
  problem.slope = [](double, double y) { return 2 * y; };
  Ida ida(problem, {});
  const double y = 1, slope = 1;
  ida.start(0, {&y, 1}, {&slope, 1}, 2);
  const StepOutcome outcome = run_to_stop(ida);
  CHECK((outcome == StepOutcome::no_convergence || outcome == StepOutcome::error_too_large));
  CHECK(ida.time() == testing::approx(1).epsilon(1e-3));
}

TEST_CASE("equations that are not finite from some time on end the run there") {
  Scalar problem = decay();
  problem.rate = [](double t, double y) { return t > 0.5 ? std::numeric_limits<double>::quiet_NaN() : -y; };
  Ida ida(problem, {});
  const double y = 1, slope = -1;
  ida.start(0, {&y, 1}, {&slope, 1}, 1);
  CHECK(run_to_stop(ida) == StepOutcome::no_convergence);
  CHECK(ida.time() <= 0.5);
  CHECK(ida.time() > 0.45);
}
