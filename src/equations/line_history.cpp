#include "equations/line_history.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

void LineHistory::begin(double t, double value) {
  points_.assign(1, {t, value, 0});
  first_ = 0;
  largest_ = std::abs(value);
}

void LineHistory::add(double t, double value, double slope) {
  points_.push_back({t, value, slope});
  largest_ = std::max(largest_, std::abs(value));
}

double LineHistory::at(double t, bool from_above) const {
  const auto begin = points_.begin() + static_cast<std::ptrdiff_t>(first_);
  const auto right =
      from_above
          ? std::upper_bound(begin, points_.end(), t, [](double time, const Point& p) { return time < p.t; })
          : std::lower_bound(begin, points_.end(), t, [](const Point& p, double time) { return p.t < time; });
  if (right == begin) return begin == points_.end() ? 0 : begin->value;
  const Point& a = *(right - 1);
  if (right == points_.end()) return a.value + (t - a.t) * a.slope;
  const Point& b = *right;
  const double h = b.t - a.t;
  if (!(h > 0)) return b.value;
  const double s = (t - a.t) / h;
  const double rise = b.value - a.value;
  const double bend_a = h * a.slope - rise;
  const double bend_b = rise - h * b.slope;
  return a.value + s * rise + s * (1 - s) * ((1 - s) * bend_a + s * bend_b);
}

bool LineHistory::jumps(double tolerance, double delay) const {
  if (points_.size() < 2) return false;
  const Point& before = points_[points_.size() - 2];
  const Point& after = points_.back();
  if (before.t != after.t) return false;
  const double allowed = tolerance * largest_;
  return std::abs(after.value - before.value) > allowed ||
         std::abs(after.slope - before.slope) * delay > allowed;
}

void LineHistory::forget(double t) {
  while (first_ + 2 < points_.size() && points_[first_ + 1].t < t) ++first_;
  if (first_ > 1024 && 2 * first_ > points_.size()) {
    points_.erase(points_.begin(), points_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

}  // namespace memspice
