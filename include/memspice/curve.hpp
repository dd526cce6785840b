#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace memspice {

/// A function that a deck gives by points: a smooth curve through them that rises where they rise and falls
/// where they fall (Fritsch and Carlson's cubic, SIAM J. Numer. Anal. 17 (1980) 238), constant before the
/// first and behind the last.
class Curve {
 public:
  /// Points with ascending x, at least one.
  Curve(std::vector<double> x, std::vector<double> y) : x_(std::move(x)), y_(std::move(y)) {
    slope_.resize(x_.size(), 0.0);
    for (std::size_t i = 1; i + 1 < x_.size(); ++i) {
      const double before = x_[i] - x_[i - 1], behind = x_[i + 1] - x_[i];
      const double rise = (y_[i] - y_[i - 1]) / before, next = (y_[i + 1] - y_[i]) / behind;
      if (rise * next > 0)  // the weighted harmonic mean
        slope_[i] = 3 * (before + behind) / ((2 * behind + before) / rise + (behind + 2 * before) / next);
    }
    if (x_.size() < 2) return;
    slope_.front() = (y_[1] - y_[0]) / (x_[1] - x_[0]);
    slope_.back() = (y_.back() - y_[y_.size() - 2]) / (x_.back() - x_[x_.size() - 2]);
  }

  [[nodiscard]] const std::vector<double>& x() const { return x_; }
  [[nodiscard]] const std::vector<double>& y() const { return y_; }

  /// Real: double or a Dual.
  template <class Real>
  [[nodiscard]] Real operator()(const Real& at) const {
    if (!(at > Real(x_.front()))) return Real(y_.front());
    if (!(at < Real(x_.back()))) return Real(y_.back());
    const auto place = std::upper_bound(x_.begin(), x_.end(), at,
                                        [](const Real& value, double point) { return value < Real(point); });
    const auto i = static_cast<std::size_t>(place - x_.begin()) - 1;
    const double h = x_[i + 1] - x_[i];
    const Real t = (at - x_[i]) / h, left = 1.0 - t;
    return left * left * ((1.0 + 2.0 * t) * y_[i] + t * (h * slope_[i])) +
           t * t * ((3.0 - 2.0 * t) * y_[i + 1] - left * (h * slope_[i + 1]));
  }

 private:
  std::vector<double> x_, y_, slope_;
};

}  // namespace memspice
