#pragma once

#include <vector>

namespace memspice {

/// The wave that leaves one end of a lossless line, as far back as its delay: what arrives at the other end.
/// Between accepted points a cubic through values and slopes; at a restart of the integrator both limits are
/// kept.
class LineHistory {
 public:
  /// `value` (V) before `t`, for ever.
  void begin(double t, double value);
  /// An accepted point, t not decreasing; a second one at the same t is the limit from above.
  void add(double t, double value, double slope);
  /// The wave at t, 0 before begin(); at a time with two limits `from_above` chooses.
  [[nodiscard]] double at(double t, bool from_above) const;
  /// Whether value or slope jump at the last point, by more than `tolerance` of the largest value so far; a
  /// slope counts by what it changes within `delay`.
  [[nodiscard]] bool jumps(double tolerance, double delay) const;
  /// Forgets what nobody asks for any more: points before the last one before t.
  void forget(double t);

 private:
  struct Point {
    double t;
    double value;
    double slope;
  };
  std::vector<Point> points_;
  std::size_t first_ = 0;  // points before it are forgotten
  double largest_ = 0;
};

}  // namespace memspice
