#include "app/plot/thinning.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace memspice::app {

namespace {

/// Where a value lies on an axis, 0 to 1 within its range.
double part_of_axis(const PictureAxis& axis, double value) {
  if (!axis.log) return (value - axis.low) / (axis.high - axis.low);
  return value > 0 ? std::log(value / axis.low) / std::log(axis.high / axis.low)
                   : std::numeric_limits<double>::quiet_NaN();
}

/// NaN: on no dot.
double dot_of(const PictureAxis& axis, double value, int dots) {
  return std::floor(part_of_axis(axis, value) * dots);
}

/// The rows of one column of dots that are kept, in their order.
class DotColumn {
 public:
  void add(const DrawnCurve& curve, std::size_t i) {
    if (count_ == 0) first_ = low_ = high_ = i;
    ++count_;
    last_ = i;
    if (!(curve.y[i] >= curve.y[low_])) low_ = i;
    if (!(curve.y[i] <= curve.y[high_])) high_ = i;
  }
  void flush(const DrawnCurve& curve, DrawnCurve& out) {
    if (count_ == 0) return;
    std::array<std::size_t, 4> rows{first_, low_, high_, last_};
    std::ranges::sort(rows);
    const auto end = std::unique(rows.begin(), rows.end());
    for (auto row = rows.begin(); row != end; ++row) {
      out.x.push_back(curve.x[*row]);
      out.y.push_back(curve.y[*row]);
    }
    count_ = 0;
  }

 private:
  std::size_t count_ = 0;
  std::size_t first_ = 0, low_ = 0, high_ = 0, last_ = 0;
};

void thin_columns(DrawnCurve& curve, const PictureAxis& axis, int dots) {
  DrawnCurve kept{.label = {}, .x = {}, .y = {}, .colour = curve.colour};
  DotColumn column;
  double at = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    const double dot = dot_of(axis, curve.x[i], dots);
    // A gap stays one.
    if (dot != at || std::isnan(curve.y[i])) column.flush(curve, kept);
    at = dot;
    if (std::isnan(curve.y[i])) {
      kept.x.push_back(curve.x[i]);
      kept.y.push_back(curve.y[i]);
    } else {
      column.add(curve, i);
    }
  }
  column.flush(curve, kept);
  curve.x = std::move(kept.x);
  curve.y = std::move(kept.y);
}

/// The dots that strokes have gone over.
class Coverage {
 public:
  explicit Coverage(Dots dots)
      : dots_(dots), covered_(static_cast<std::size_t>(dots.across) * static_cast<std::size_t>(dots.down)) {}

  struct Dot {
    int across = -1;  // -1: none
    int down = -1;
    friend bool operator==(const Dot&, const Dot&) = default;
  };
  [[nodiscard]] Dot dot(const Panel& panel, double x, double y) const {
    const double across = dot_of(panel.x, x, dots_.across), down = dot_of(panel.y, y, dots_.down);
    if (!std::isfinite(across) || !std::isfinite(down)) return {};
    const auto bounded = [](double at, int dots) {
      return static_cast<int>(std::clamp(at, 0.0, dots - 1.0));
    };
    return {bounded(across, dots_.across), bounded(down, dots_.down)};
  }
  /// Whether the stroke covers a dot that none before it has.
  bool cover(Dot from, Dot to) {
    const int steps = std::max({std::abs(to.across - from.across), std::abs(to.down - from.down), 1});
    bool fresh = false;
    for (int i = 0; i <= steps; ++i) {
      const auto across = static_cast<std::size_t>(from.across + (to.across - from.across) * i / steps);
      const auto down = static_cast<std::size_t>(from.down + (to.down - from.down) * i / steps);
      const std::size_t at = down * static_cast<std::size_t>(dots_.across) + across;
      fresh = fresh || !covered_[at];
      covered_[at] = true;
    }
    return fresh;
  }

 private:
  Dots dots_;
  std::vector<bool> covered_;
};

void thin_strokes(DrawnCurve& curve, const Panel& panel, Dots dots) {
  Coverage coverage({.across = std::max(1, dots.across / 2), .down = std::max(1, dots.down / 2)});
  std::vector<double> x, y;
  const auto put = [&](std::size_t i) {
    x.push_back(curve.x[i]);
    y.push_back(curve.y[i]);
  };
  Coverage::Dot before;
  bool down = false;  // the pen
  std::size_t last = 0;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    const Coverage::Dot here = coverage.dot(panel, curve.x[i], curve.y[i]);
    if (here == before && here.across >= 0) continue;
    const bool kept = before.across >= 0 && here.across >= 0 && coverage.cover(before, here);
    if (kept && !down) {
      if (!x.empty()) {
        x.push_back(curve.x[last]);
        y.push_back(std::numeric_limits<double>::quiet_NaN());
      }
      put(last);
    }
    if (kept) put(i);
    down = kept;
    before = here;
    last = i;
  }
  if (x.empty() && !curve.x.empty()) put(0);
  curve.x = std::move(x);
  curve.y = std::move(y);
}

}  // namespace

void thin_out(Picture& picture, Dots dots) {
  for (Panel& panel : picture.panels) {
    if (panel.bars) continue;
    for (DrawnCurve& curve : panel.curves) {
      if (curve.x.size() <= static_cast<std::size_t>(dots.across)) continue;
      if (std::ranges::is_sorted(curve.x)) {
        thin_columns(curve, panel.x, dots.across);
      } else {
        thin_strokes(curve, panel, dots);
      }
    }
  }
}

}  // namespace memspice::app
