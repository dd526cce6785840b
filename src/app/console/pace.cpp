#include "app/console/pace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/usage_error.hpp"

namespace memspice::app {

namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

}  // namespace

void Pace::note(double done, double seconds) {
  constexpr double apart = 1.02;  // in time: earlier ones are kept
  const std::size_t count = samples_.size();
  if (count >= 2 && samples_[count - 1].seconds < apart * samples_[count - 2].seconds + 1e-3)
    samples_.back() = {done, seconds};
  else
    samples_.push_back({done, seconds});
}

std::optional<double> Pace::left() const {
  constexpr double recent = 0.75;
  if (samples_.size() < 2) return std::nullopt;
  const Sample now = samples_.back();
  const auto later = std::ranges::upper_bound(samples_, recent * now.seconds, {}, &Sample::seconds);
  const Sample begin = later == samples_.begin() ? samples_.front() : *(later - 1);
  const double rate = (now.done - begin.done) / (now.seconds - begin.seconds);
  return rate > 0 ? (1 - now.done) / rate : endless;
}

std::string duration_text(double seconds) {
  if (std::isinf(seconds)) return "without end";
  if (seconds < 100) return fmt::format("{:.0f} s", seconds);
  if (seconds < 100 * 60) return fmt::format("{:.0f} minutes", seconds / 60);
  if (seconds < 48 * 3600.0) return fmt::format("{:.0f} hours", seconds / 3600);
  return fmt::format("{:.3g} days", seconds / 86400);
}

Patience::Patience(const std::string& text) : seconds_(endless), ratio_(endless) {
  if (text.empty()) return;
  const bool ratio = text.ends_with('x');
  const std::string_view digits =
      std::string_view(text).substr(0, text.size() - (ratio || text.ends_with('h') ? 1 : 0));
  double number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || !(number > 0))
    throw UsageError(
        fmt::format("--give-up wants hours or a ratio, not '{}'", text),
        "10h: when more than ten hours are left; 100x: when 100 times what it has taken is left");
  (ratio ? ratio_ : seconds_) = ratio ? number : 3600 * number;
}

/// The first seconds of a run say little about the others.
bool Patience::is_over(const Pace& pace) const {
  const double grace = std::isinf(seconds_) ? 60 : std::clamp(0.01 * seconds_, 1.0, 600.0);
  if (pace.seconds() < grace) return false;
  const std::optional<double> left = pace.left();
  return left && (*left > seconds_ || *left > ratio_ * pace.seconds());
}

std::string Patience::text() const {
  return std::isinf(seconds_) ? fmt::format("{:g} times what it has taken", ratio_)
                              : fmt::format("{:g} hours", seconds_ / 3600);
}

}  // namespace memspice::app
