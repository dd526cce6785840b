#include "analysis/transient/progress_watch.hpp"

#include <fmt/format.h>

#include <cmath>

namespace memspice {

namespace {

constexpr long window = 5000;        // steps; a hard moment of a run is shorter
constexpr double long_way = 1e6;     // steps that are left: of work in vain
constexpr double longest_way = 1e9;  // of any work

std::string duration(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{:.0f} minutes", seconds / 60);
  if (seconds < 48 * 3600.0) return fmt::format("{:.0f} hours", seconds / 3600);
  return fmt::format("{:.3g} days", seconds / 86400);
}

}  // namespace

std::string ProgressWatch::cause(const Sample& now) const {
  const auto steps = static_cast<double>(now.steps - begin_.steps);
  const double newton = static_cast<double>(now.newton_failures - begin_.newton_failures) / steps;
  const double error = static_cast<double>(now.error_test_failures - begin_.error_test_failures) / steps;
  const double restarts = static_cast<double>(now.restarts - begin_.restarts) / steps;
  if (newton > 0.2 && newton >= error)
    return fmt::format(
        "Newton's method failed {:.2g} times a step, with {:.2g} iterations; look for what jumps or is very "
        "steep, or raise reltol",
        newton, static_cast<double>(now.newton_iterations - begin_.newton_iterations) / steps);
  if (restarts > 0.25)
    return fmt::format(
        "corners and events end {:.2g} of all steps; look for switches and conditions that change without "
        "end, and for waveforms with many corners",
        restarts);
  if (error > 0.5)
    return fmt::format(
        "the error was too large {:.2g} times a step; look for what changes suddenly, or raise reltol",
        error);
  return {};
}

std::optional<std::string> ProgressWatch::note(const Sample& now) {
  const long steps = now.steps - begin_.steps;
  if (warned_ || steps < window) return std::nullopt;
  const double advance = now.t - begin_.t;
  const double left = advance > 0 ? (stop_ - now.t) * static_cast<double>(steps) / advance : HUGE_VAL;
  const double seconds = (now.seconds - begin_.seconds) / static_cast<double>(steps);
  std::string why = cause(now);
  const bool creeps = left > (why.empty() ? longest_way : long_way);
  warned_ = creeps && crept_;
  crept_ = creeps;
  begin_ = now;
  if (!warned_) return std::nullopt;
  if (why.empty()) why = fmt::format("its steps are {:.3g} s long", advance / static_cast<double>(steps));
  const std::string estimate =
      std::isinf(left)
          ? "it does not advance"
          : fmt::format("at this pace it takes {:.2g} more steps, about {}", left, duration(seconds * left));
  return fmt::format("the run crawls at t = {:.6g} s of {:.6g} s: {}: {}", now.t, stop_, estimate, why);
}

}  // namespace memspice
