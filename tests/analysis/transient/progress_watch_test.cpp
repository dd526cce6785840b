#include "analysis/transient/progress_watch.hpp"

#include <doctest/doctest.h>

#include <vector>

using memspice::ProgressWatch;

namespace {

/// A run to 1 s whose every step is the same.
struct Pace {
  double step = 1e-9;                                               // s
  long newton_failures = 0, error_test_failures = 0, restarts = 0;  // in ten steps
  double seconds = 1e-3;                                            // a step
};

void follow(const Pace& pace, long steps, ProgressWatch& watch, ProgressWatch::Sample& now,
            std::vector<std::string>& warnings) {
  for (long i = 0; i < steps; ++i) {
    now.t += pace.step;
    ++now.steps;
    now.newton_iterations += 2;
    if (now.steps % 10 == 0) {
      now.newton_failures += pace.newton_failures;
      now.error_test_failures += pace.error_test_failures;
      now.restarts += pace.restarts;
    }
    now.seconds += pace.seconds;
    if (const auto warning = watch.note(now)) warnings.push_back(*warning);
  }
}

std::vector<std::string> warnings_of(const Pace& pace, long steps = 100000) {
  ProgressWatch watch(1);
  ProgressWatch::Sample now;
  std::vector<std::string> warnings;
  follow(pace, steps, watch, now, warnings);
  return warnings;
}

}  // namespace

TEST_CASE("a run most of whose work is in vain warns once, with time, estimate and cause") {
  CHECK(
      warnings_of({.newton_failures = 4}) ==
      std::vector<std::string>{
          "the run crawls at t = 1e-05 s of 1 s: at this pace it takes 1e+09 more steps, about 11.6 days: "
          "Newton's method failed 0.4 times a step, with 2 iterations; look for what jumps or is very steep, "
          "or raise reltol"});
  const auto restarting = warnings_of({.step = 1e-8, .restarts = 5, .seconds = 1e-5});
  REQUIRE(restarting.size() == 1);
  CHECK(
      restarting[0].starts_with("the run crawls at t = 0.0001 s of 1 s: at this pace it takes 1e+08 more "
                                "steps, about 17 minutes: corners "
                                "and events end 0.5 of all steps; "));
  const auto rejected = warnings_of({.step = 1e-7, .error_test_failures = 9, .seconds = 1e-5});
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].find("about 100 s: the error was too large 0.9 times a step; ") != std::string::npos);
}

TEST_CASE("a run whose steps are hopelessly short, or that stands still, warns without another cause") {
  const auto shorter = warnings_of({.step = 1e-10});
  REQUIRE(shorter.size() == 1);
  CHECK(shorter[0].ends_with("more steps, about 116 days: its steps are 1e-10 s long"));
  const auto standing = warnings_of({.step = 0, .newton_failures = 10});
  REQUIRE(standing.size() == 1);
  CHECK(standing[0].starts_with(
      "the run crawls at t = 0 s of 1 s: it does not advance: Newton's method failed "));
}

TEST_CASE("a run that works, one that is nearly done and a hard moment give no warning") {
  CHECK(warnings_of({.step = 1e-8}).empty());  // long, but nothing is in vain
  CHECK(warnings_of({.newton_failures = 1, .error_test_failures = 3, .restarts = 1}).empty());
  CHECK(warnings_of({.step = 5e-6, .newton_failures = 9}).empty());  // 200,000 steps in all
  CHECK(warnings_of({.newton_failures = 9}, 9000).empty());          // not twice in a row
  ProgressWatch watch(1);
  ProgressWatch::Sample now;
  std::vector<std::string> warnings;
  for (int i = 0; i < 20; ++i) {
    follow({.newton_failures = 9}, 4000, watch, now, warnings);
    follow({.step = 1e-5}, 4000, watch, now, warnings);
  }
  CHECK(warnings.empty());
}

TEST_CASE("whether a run crawls does not depend on the machine's speed") {
  for (const double seconds : {0.0, 1e-9, 1.0}) {
    CHECK(warnings_of({.newton_failures = 4, .seconds = seconds}).size() == 1);
    CHECK(warnings_of({.step = 1e-8, .seconds = seconds}).empty());
  }
}
