#include "solver/step_memory.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "support/approx.hpp"

using memspice::StepMemory;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using std::numbers::pi;

/// Lets an unknown swing as sin(2 pi t) from t = 0 to `until`.
void let_swing(StepMemory& memory, double until, double amplitude = 1, double weight = 1e4) {
  double y = 0;
  memory.start(0, {&y, 1});
  constexpr double step = 0.01;
  for (int k = 1; k * step <= until; ++k) {
    const double t = k * step;
    y = amplitude * std::sin(2 * pi * t);
    const double slope = amplitude * 2 * pi * std::cos(2 * pi * t);
    const double scaled = weight / memory.scale();
    memory.note(t, {&y, 1}, {&slope, 1}, &scaled);
  }
}

}  // namespace

TEST_CASE("Steps keep their tolerance until an unknown has turned twice and something resonates") {
  StepMemory memory({1}, 1000);
  memory.set_resonance(infinity, 0);
  let_swing(memory, 0.7);
  CHECK(memory.turns() == 1);
  CHECK(memory.scale() == 1);

  StepMemory deaf({1}, 1000);
  let_swing(deaf, 20);
  CHECK(deaf.turns() == 40);
  CHECK(deaf.scale() == 1);
  CHECK(!deaf.has_counted());
}

TEST_CASE("The memory is what the run has room for, or what the circuit keeps, whichever is less") {
  StepMemory memory({1}, 1000);
  memory.set_resonance(infinity, 0);
  let_swing(memory, 20.4);
  CHECK(memory.periods() == memspice::testing::approx(1000).epsilon(0.03));
  CHECK(memory.scale() == memspice::testing::approx(0.3 / 1000 * 1.05).epsilon(0.03));
  CHECK(memory.has_counted());

  StepMemory damped({1}, 1000);
  damped.set_resonance(100, 0.01);
  let_swing(damped, 20.4);
  CHECK(damped.periods() == 100);
  CHECK(damped.scale() == memspice::testing::approx(0.3 / 100 * 1.5));

  StepMemory dull({1}, 1000);
  dull.set_resonance(4, 0.25);
  let_swing(dull, 20.4);
  CHECK(dull.scale() == 1);
}

TEST_CASE("A run whose end nobody knows remembers what it has seen so far") {
  StepMemory memory({1}, infinity);
  memory.set_resonance(infinity, 0);
  let_swing(memory, 20.4);
  CHECK(memory.periods() == memspice::testing::approx(20.5));
  const double before = memory.scale();
  let_swing(memory, 40.4);
  CHECK(memory.periods() > 40);
  CHECK(memory.scale() < before);
}

TEST_CASE("Only turns of tested unknowns count, and only those that the tolerance sees") {
  StepMemory untested({0}, 1000);
  let_swing(untested, 5);
  CHECK(untested.turns() == 0);
  StepMemory noise({1}, 1000);
  let_swing(noise, 5, 1e-5);
  CHECK(noise.turns() == 0);
}

TEST_CASE("The scale stops at 1e-5, and where steps would drown in rounding") {
  StepMemory memory({1}, 1e6);
  memory.set_resonance(infinity, 0);
  let_swing(memory, 20.4);
  CHECK(memory.scale() == 1e-5);
  StepMemory fine({1}, 1e6);
  fine.set_resonance(infinity, 0);
  let_swing(fine, 20.4, 1, 1e10);
  CHECK(fine.scale() == memspice::testing::approx(2.22e-3).epsilon(0.01));
}

TEST_CASE("The turning rate is that of the unknown that turns now") {
  StepMemory memory({1}, 1000);
  CHECK(memory.turning_rate() == 0);
  let_swing(memory, 3.2);
  CHECK(memory.turning_rate() == memspice::testing::approx(2 * pi).epsilon(0.03));
  const double y = 0, slope = 0, weight = 1e4;
  memory.note(6, {&y, 1}, {&slope, 1}, &weight);
  CHECK(memory.turning_rate() == 0);
}

TEST_CASE("Errors add up, and fade as the resonance does") {
  StepMemory lossless({1}, 1000);
  lossless.set_resonance(infinity, 0);
  let_swing(lossless, 5);
  StepMemory damped({1}, 1000);
  damped.set_resonance(100, 0.01);
  let_swing(damped, 5);
  const double error = -1e-6;
  for (int k = 0; k < 1000; ++k) {
    lossless.note_errors(1, {&error, 1});
    damped.note_errors(1, {&error, 1});
  }
  CHECK(lossless.accumulated_error() == memspice::testing::approx(1e-3));
  CHECK(damped.accumulated_error() == memspice::testing::approx(1e-4).epsilon(0.01));
}
