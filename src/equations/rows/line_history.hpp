#pragma once

#include <array>
#include <optional>
#include <vector>

namespace memspice {

/// The wave that leaves one end of a lossless line, as far back as its delay: what arrives at the other end.
/// Between points a cubic through values and slopes; at a restart of the integrator both limits are kept.
class LineHistory {
 public:
  /// `value` (V) before `t`, for ever.
  void begin(double t, double value);
  /// A later point; a second one at the same t is the limit from above.
  void add(double t, double value, double slope);
  /// Better values of the last point, if that is at t.
  void correct(double t, double value, double slope);
  /// The wave at t; at a time with two limits, which may be `rounding` (s) from t, `from_above` chooses.
  [[nodiscard]] double at(double t, bool from_above, double rounding = 0) const;
  /// By how much value and slope (V, V/s) of a point at the time of the last one differ from that one's.
  struct Jump {
    double value = 0;
    double slope = 0;
  };
  [[nodiscard]] Jump jump(double t, double value, double slope) const;
  /// How far `middle` is from the cubic that would lead to the point (t, value, slope), half way to it.
  [[nodiscard]] double bend(double middle, double t, double value, double slope) const;
  /// The longest step from t, at most `wanted` or one that has no point within, in which the wave keeps
  /// within `tolerance` (V) of a cubic: nothing narrow is stepped over. Points `rounding` (s) from an end are
  /// at it.
  [[nodiscard]] double calm_step(double t, double wanted, double tolerance, double rounding) const;
  /// The coefficients of P₁, P₂ and P₃ (Legendre, the later end at -1) of a wave from t - length to t;
  /// nothing when it is no cubic to within `tolerance`.
  [[nodiscard]] std::optional<std::array<double, 3>> cubic(double t, double length, double tolerance) const;
  /// The largest value so far, V.
  [[nodiscard]] double largest() const { return largest_; }
  /// Forgets what nobody asks for any more: points before the last one before t.
  void forget(double t);
  /// What a saved run remembers of the wave (base/archive.hpp).
  template <class Archive>
  void exchange(Archive& archive) {
    archive.list(points_);
    archive(first_);
    archive(largest_);
    // calm_step() halves steps until no point is within: the times ascend, and are numbers.
    for (std::size_t i = 0; i < points_.size(); ++i)
      archive.require(points_[i].t >= points_[i == 0 ? 0 : i - 1].t);
    archive.require(first_ < points_.size() || points_.empty());
  }
  /// Ends at t, with this point where none is there: what came later has not been.
  void end_at(double t, double value, double slope);

 private:
  struct Point {
    double t;
    double value;
    double slope;
  };
  [[nodiscard]] const Point* corner(double t, bool from_above, double rounding) const;
  [[nodiscard]] static double between(const Point& a, const Point& b, double t);
  [[nodiscard]] std::vector<Point>::const_iterator begin_of_points() const;

  std::vector<Point> points_;
  std::size_t first_ = 0;  // points before it are forgotten
  double largest_ = 0;
};

}  // namespace memspice
