#include "equations/rows/line_history.hpp"

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

void LineHistory::correct(double t, double value, double slope) {
  if (!points_.empty() && points_.back().t == t) points_.back() = {t, value, slope};
}

std::vector<LineHistory::Point>::const_iterator LineHistory::begin_of_points() const {
  return points_.begin() + static_cast<std::ptrdiff_t>(first_);
}

double LineHistory::between(const Point& a, const Point& b, double t) {
  const double h = b.t - a.t;
  if (!(h > 0)) return b.value;
  const double s = (t - a.t) / h;
  const double rise = b.value - a.value;
  const double bend_a = h * a.slope - rise;
  const double bend_b = rise - h * b.slope;
  return a.value + s * rise + s * (1 - s) * ((1 - s) * bend_a + s * bend_b);
}

/// The limit of a time with two limits, if that is next to t on the side where the wrong one holds.
const LineHistory::Point* LineHistory::corner(double t, bool from_above, double rounding) const {
  auto p = std::lower_bound(begin_of_points(), points_.end(), from_above ? t : t - rounding,
                            [](const Point& point, double time) { return point.t < time; });
  const Point* found = nullptr;
  for (; p != points_.end() && p->t <= (from_above ? t + rounding : t); ++p) {
    if (p == begin_of_points() || (p - 1)->t != p->t) continue;
    if (!from_above) return &*(p - 1);
    found = &*p;
  }
  return found;
}

double LineHistory::at(double t, bool from_above, double rounding) const {
  const auto begin = begin_of_points();
  if (const Point* p = rounding > 0 ? corner(t, from_above, rounding) : nullptr)
    return p->value + (t - p->t) * p->slope;
  const auto right =
      from_above
          ? std::upper_bound(begin, points_.end(), t, [](double time, const Point& p) { return time < p.t; })
          : std::lower_bound(begin, points_.end(), t, [](const Point& p, double time) { return p.t < time; });
  if (right == begin) return begin == points_.end() ? 0 : begin->value;
  const Point& a = *(right - 1);
  if (right == points_.end()) return a.value + (t - a.t) * a.slope;
  return between(a, *right, t);
}

LineHistory::Jump LineHistory::jump(double t, double value, double slope) const {
  if (points_.empty() || points_.back().t != t) return {};
  return {std::abs(value - points_.back().value), std::abs(slope - points_.back().slope)};
}

double LineHistory::bend(double middle, double t, double value, double slope) const {
  const Point& last = points_.back();
  return std::abs(middle - between(last, {t, value, slope}, 0.5 * (last.t + t)));
}

double LineHistory::calm_step(double t, double wanted, double tolerance, double rounding) const {
  const auto later = [](double time, const Point& p) { return time < p.t; };
  const auto first = std::upper_bound(begin_of_points(), points_.end(), t + rounding, later);
  if (first == points_.end() || first == begin_of_points()) return wanted;
  // The wave at the ends of a window, with slopes from within it.
  const auto end_of_window = [&](double time, double inwards) {
    const double value = at(time, inwards > 0, rounding);
    return Point{time, value, (at(time + inwards, inwards > 0) - value) / inwards};
  };
  const double aside = std::max(1e-4 * wanted, 4 * rounding);
  const Point begin = end_of_window(t, aside);
  for (double step = wanted;; step *= 0.5) {
    const auto last = std::upper_bound(first, points_.end(), t + step - rounding, later);
    if (last <= first) return step;
    const Point end = end_of_window(t + step, -aside);
    const bool calm = std::all_of(first, last, [&](const Point& p) {
      return std::abs(p.value - between(begin, end, p.t)) <= tolerance;
    });
    if (calm) return step;
  }
}

std::optional<std::array<double, 3>> LineHistory::cubic(double t, double length, double tolerance) const {
  constexpr double nodes[] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363};
  constexpr double weights[] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                0.1012285362903763};
  const auto legendre = [](double x) {
    return std::array{1.0, x, 1.5 * x * x - 0.5, x * (2.5 * x * x - 1.5)};
  };
  std::array<double, 4> c{};
  for (std::size_t i = 0; i < std::size(nodes); ++i) {
    for (const double x : {-nodes[i], nodes[i]}) {
      const double value = at(t - 0.5 * (x + 1) * length, true);
      const std::array<double, 4> p = legendre(x);
      for (std::size_t k = 0; k < 4; ++k) c[k] += (static_cast<double>(k) + 0.5) * weights[i] * value * p[k];
    }
  }
  const auto fits = [&](double time, double value) {
    const std::array<double, 4> p = legendre(2 * (t - time) / length - 1);
    return std::abs(c[0] + c[1] * p[1] + c[2] * p[2] + c[3] * p[3] - value) <= tolerance;
  };
  if (!fits(t - length, at(t - length, true)) || !fits(t, at(t, false))) return std::nullopt;
  for (auto p = points_.end(); p != begin_of_points() && (p - 1)->t > t - length; --p)
    if (!fits((p - 1)->t, (p - 1)->value)) return std::nullopt;
  return std::array{c[1], c[2], c[3]};
}

void LineHistory::forget(double t) {
  while (first_ + 2 < points_.size() && points_[first_ + 1].t < t) ++first_;
  if (first_ > 1024 && 2 * first_ > points_.size()) {
    points_.erase(points_.begin(), begin_of_points());
    first_ = 0;
  }
}

void LineHistory::end_at(double t, double value, double slope) {
  while (points_.size() > first_ && points_.back().t > t) points_.pop_back();
  if (points_.size() == first_ || points_.back().t < t) points_.push_back({t, value, slope});
}

}  // namespace memspice
