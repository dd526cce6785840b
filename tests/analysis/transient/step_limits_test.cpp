// A transient counts what bounded its steps.

#include "analysis/transient/step_limits.hpp"

#include <doctest/doctest.h>

#include "support/run_deck.hpp"

using namespace memspice;
using namespace memspice::testing;

namespace {

SolverStatistics statistics_of(const std::string& deck) {
  return run_deck(deck).analysis().statistics;
}

long total(const StepLimits& limits) {
  long sum = 0;
  for (const auto& [name, count] : limits.counts()) sum += count;
  return sum;
}

}  // namespace

TEST_CASE("every accepted step is counted once, with what bounded it") {
  const std::string low_pass = "R1 in out 1k\nC1 out 0 1u\n";
  const auto most = [&](const std::string& deck, long StepLimits::*limit) {
    CAPTURE(deck);
    const SolverStatistics statistics = statistics_of(low_pass + deck);
    CHECK(total(statistics.step_limits) == statistics.steps);
    CHECK(statistics.rejected_rows == 0);
    CHECK(2 * (statistics.step_limits.*limit) > statistics.steps);
    return statistics;
  };
  most("V1 in 0 1\n.tran 0 5m 0 1u\n", &StepLimits::largest_step);
  most("V1 in 0 1\n.options maxstep=1u\n.tran 5m\n", &StepLimits::largest_step);
  most("V1 in 0 1\n.tran 1m\n", &StepLimits::span);
  most("V1 in 0 SIN(0 1 1k)\n.options reltol=0.1 vntol=100\n.tran 20m\n", &StepLimits::period);
  most("V1 in 0 SIN(0 1 1k)\n.options reltol=1e-7\n.tran 20m\n", &StepLimits::error_test);
  const SolverStatistics pulses =
      statistics_of(low_pass + "V1 in 0 PULSE(0 1 0 1u 1u 0.1m 0.2m)\n.tran 2m\n");
  CHECK(pulses.step_limits.corners == pulses.restarts + 1);  // and the stop
  const SolverStatistics switching =
      statistics_of("V1 in 0 SIN(0 1 1k)\nS1 in out in 0 sw\n.model sw sw(vt=0.5)\nR1 out 0 1k\n.tran 5m\n");
  CHECK(switching.step_limits.events == 10);
}

TEST_CASE("a step that is as long as the shortest cap counts for that, unless it ended at a known time") {
  StepLimitCounter counter;
  counter.cap(3, &StepLimits::period);
  counter.cap(1, &StepLimits::line_delay);
  counter.cap(2, &StepLimits::span);
  CHECK(counter.longest() == 1);
  counter.note({.length = 1});
  counter.note({.length = 0.5});
  counter.note({.length = 0.5, .newton_failures = 2});
  counter.note({.length = 0.5, .newton_failures = 2});
  counter.note({.length = 1, .corner = true, .newton_failures = 3});
  counter.note({.length = 1, .event = true, .corner = true, .newton_failures = 3});
  StepLimits twice = counter.limits();
  twice += counter.limits();
  for (const auto& [name, count] : twice.counts()) {
    CAPTURE(name);
    if (name == "error_test") {
      CHECK(count == 4);
    } else if (name == "line_delay" || name == "newton_failures" || name == "corners" || name == "events") {
      CHECK(count == 2);
    } else {
      CHECK(count == 0);
    }
  }
}
