#include "analysis/transient/step_limits.hpp"

#include <utility>

namespace memspice {

std::vector<std::pair<std::string, long>> StepLimits::counts() const {
  return {{"error_test", error_test}, {"largest_step", largest_step}, {"span", span},
          {"period", period},         {"time_reading", time_reading}, {"corners", corners},
          {"events", events},         {"line_delay", line_delay},     {"newton_failures", newton_failures}};
}

StepLimits& StepLimits::operator+=(const StepLimits& other) {
  for (const auto count : {&StepLimits::error_test, &StepLimits::largest_step, &StepLimits::span,
                           &StepLimits::period, &StepLimits::time_reading, &StepLimits::corners,
                           &StepLimits::events, &StepLimits::line_delay, &StepLimits::newton_failures})
    this->*count += other.*count;
  return *this;
}

void StepLimitCounter::cap(double longest, Limit limit) {
  if (!(longest < longest_)) return;
  longest_ = longest;
  of_longest_ = limit;
}

void StepLimitCounter::cap_segment(double longest, Limit limit) {
  longest_of_segment_ = longest;
  of_segment_ = limit;
}

void StepLimitCounter::note(const Step& step) {
  const bool newton_failed = step.newton_failures > std::exchange(newton_failures_, step.newton_failures);
  Limit limit = &StepLimits::error_test;
  if (newton_failed) limit = &StepLimits::newton_failures;
  if (step.length >= longest() * (1 - 1e-6))  // the rest is rounding
    limit = longest_ <= longest_of_segment_ ? of_longest_ : of_segment_;
  if (step.corner) limit = &StepLimits::corners;
  if (step.event) limit = &StepLimits::events;
  ++(limits_.*limit);
}

}  // namespace memspice
