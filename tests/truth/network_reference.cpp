#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "truth/network_model.hpp"

namespace memspice::truth {

namespace {

using Eigen::VectorXd;

constexpr double beyond = 1e-13;  // an overshoot that is more than rounding

// A place on the solution; f: drives of all states, held ones too.
struct Point {
  double t = 0;
  VectorXd w, f;
};

class Integrator {
 public:
  Integrator(const NetworkModel& model, double tolerance, long evaluations)
      : model_(model), tolerance_(tolerance), limit_(model.evaluations() + evaluations) {}

  void begin_segment(Point& p, std::size_t segment) {
    segment_ = segment;
    settle(p, 0);
    const double length = model_.segments()[segment + 1] - p.t;
    longest_ = std::min(length / 10, model_.shortest_swing() / 16);
    length_ = std::min(length_, longest_);
    if (length_ <= 0) length_ = longest_;
  }

  // From `p` to `end` in the segment, through all events. False when it takes too long.
  bool advance(Point& p, double end) {
    while (p.t < end) {
      if (model_.evaluations() > limit_) return false;
      double h = std::min({length_, longest_, end - p.t});
      const bool last = end - p.t - h < 1e-3 * h;
      if (last) h = end - p.t;
      Point next;
      if (!step(p, h, next)) {
        length_ = 0.3 * h;
        if (length_ < 1e-15 * (p.t + h)) return false;
        continue;
      }
      const auto event = event_before(p, next, h);
      if (event) {
        pass_event(p, *event);
        continue;
      }
      if (last) next.t = end;
      p = std::move(next);
    }
    return true;
  }

 private:
  // Decides which states are held from here on.
  void settle(Point& p, double near) {
    model_.drive(p.t, segment_, p.w, p.f);
    modes_ = modes_at(p.w, p.f, near);
    model_.drive(p.t, segment_, p.w, p.f);
  }

  VectorXd free(VectorXd f) const {
    for (Eigen::Index k = 0; k < f.size(); ++k)
      if (modes_[static_cast<std::size_t>(k)] != 0) f[k] = 0;
    return f;
  }
  VectorXd rates(double t, const VectorXd& w) const {
    VectorXd f;
    model_.drive(t, segment_, w, f);
    return free(std::move(f));
  }

  VectorXd midpoint(const Point& p, const VectorXd& f0, double h, int n) const {
    const double d = h / n;
    VectorXd before = p.w;
    VectorXd here = p.w + d * f0;
    for (int i = 1; i < n; ++i) {
      VectorXd after = before + 2 * d * rates(p.t + i * d, here);
      before = std::move(here);
      here = std::move(after);
    }
    return 0.5 * (before + here + d * rates(p.t + h, here));
  }

  // Midpoint rules of more and more parts, extrapolated until two columns agree; false: the step is too long.
  // Chooses the length of the next one.
  bool step(const Point& p, double h, Point& next) {
    static constexpr std::array<int, 9> parts{2, 4, 6, 8, 10, 12, 14, 16, 18};
    std::array<VectorXd, parts.size()> table, row;
    const VectorXd f0 = free(p.f);
    for (std::size_t j = 0; j < parts.size(); ++j) {
      row[0] = midpoint(p, f0, h, parts[j]);
      for (std::size_t i = 1; i <= j; ++i) {
        const double ratio = static_cast<double>(parts[j]) / parts[j - i];
        row[i] = row[i - 1] + (row[i - 1] - table[i - 1]) / (ratio * ratio - 1);
      }
      const double change = j == 0 ? 1 : (row[j] - row[j - 1]).cwiseAbs().maxCoeff();
      if (!std::isfinite(change) || (j == 3 && change > 1e-3)) return false;
      table.swap(row);
      if (j == 0 || change > tolerance_) continue;
      length_ = h * (j <= 2 ? 2 : j <= 4 ? 1.4 : j >= 7 ? 0.7 : 1);
      next.t = p.t + h;
      next.w = table[j];
      model_.drive(next.t, segment_, next.w, next.f);
      return true;
    }
    return false;
  }

  // A length after which the first event of this step is past; the middle of the step is looked at too.
  std::optional<double> event_before(const Point& p, const Point& next, double h) const {
    const VectorXd f0 = free(p.f), f1 = free(next.f);
    VectorXd middle;
    const auto over_at = [&](double s, VectorXd& f) {  // on the cubic
      const VectorXd w = (1 - s) * (1 - s) * ((1 + 2 * s) * p.w + s * h * f0) +
                         s * s * ((3 - 2 * s) * next.w - (1 - s) * h * f1);
      model_.drive(p.t + s * h, segment_, w, f);
      return overshoot(modes_, w, f, h) > beyond;
    };
    if (over_at(0.5, middle)) return h / 2;
    VectorXd f;
    for (const double s : innermost(modes_, p.f, middle, next.f))
      if (over_at(s, f)) return s * h;
    if (overshoot(modes_, next.w, next.f, h) > beyond) return h;
    return {};
  }

  // Moves `p` to the first event, which is `high` away at most, by regula falsi (Illinois) on steps from `p`.
  void pass_event(Point& p, double high) {
    const double unit = high;
    const double length = length_;
    double low = 0;
    double at_low = -1e-3, at_high = 0;
    Point found;
    for (int k = 0; k < 60; ++k) {
      const double x = k == 0                       ? high
                       : k % 5 == 4 || at_high == 0 ? (low + high) / 2
                                                    : high - at_high * (high - low) / (at_high - at_low);
      Point next;
      if (!step(p, x, next)) {  // the way there is stiffer than the step showed: a shorter one first
        length_ = std::min(length, x) / 4;
        return;
      }
      const double over = overshoot(modes_, next.w, next.f, unit);
      if (over > 0) {
        if (k > 0) at_low /= 2;
        high = x;
        at_high = over;
        found = std::move(next);
      } else {
        if (k == 0) return;  // the interpolant saw an event that is none
        at_high /= 2;
        low = x;
        at_low = std::min(over, -1e-300);
      }
      if (high - low < 4e-16 * (p.t + high) || (found.w.size() > 0 && at_high < 1e-15 && over > 0)) break;
    }
    p = std::move(found);
    settle(p, 1e-12);
    length_ = std::max(length / 4, 1e-6 * longest_);
  }

  const NetworkModel& model_;
  double tolerance_;
  long limit_;
  double length_ = 0;
  double longest_ = 0;
  std::size_t segment_ = 0;
  Modes modes_;
};

}  // namespace

Eigen::MatrixXd reference_states(const NetworkModel& model, const VectorXd& initial,
                                 const std::vector<double>& times, double tolerance, long evaluations,
                                 double begin) {
  Eigen::MatrixXd result(initial.size(), static_cast<Eigen::Index>(times.size()));
  Integrator integrator(model, tolerance, evaluations);
  Point p{begin, initial, {}};
  std::size_t next = 0;
  const auto& segments = model.segments();
  for (std::size_t segment = 0; segment + 1 < segments.size(); ++segment) {
    const bool last = segment + 2 == segments.size();
    if (segments[segment + 1] <= begin && !last) continue;
    integrator.begin_segment(p, segment);
    for (; next < times.size() && (times[next] <= segments[segment + 1] || last); ++next) {
      if (!integrator.advance(p, std::min(times[next], segments[segment + 1]))) return {};
      result.col(static_cast<Eigen::Index>(next)) = p.w;
    }
    if (!integrator.advance(p, segments[segment + 1])) return {};
  }
  return result;
}

}  // namespace memspice::truth
