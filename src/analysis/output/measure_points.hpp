#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analysis/output/samples.hpp"

namespace memspice {

/// Why a measure failed.
struct MeasureFailure {
  std::string message;
};

/// A curve between two places of the scale.
struct MeasuredRange {
  double from = 0;
  double to = 0;
  double length = 0;
  double integral = 0;
  double squares = 0;  // the integral of the square
  double smallest = infinity;
  double smallest_at = 0;
  double largest = -infinity;
  double largest_at = 0;
};

/// A curve between two places of the scale that is on from where it rises above one level, and off from where
/// it falls below another.
struct MeasuredLogic {
  double from = 0;
  double to = 0;
  double length = 0;
  double above = 0;  // how long it is at or above the level that turns it on,
  double below = 0;  // and at or below the one that turns it off
  double on = 0;     // how long it is on
  double rises = 0;  // how often it passes the one upwards,
  double falls = 0;  // and the other downwards
};

/// What .measure asks of the points of an analysis. Between two of them everything is a straight line. All
/// throw MeasureFailure.
class MeasurePoints {
 public:
  /// There is at least one point. `earlier` are the measures before.
  MeasurePoints(const Samples& samples, const MeasureValues& earlier, double reltol);

  /// Whether all earlier measures that the card names have a value.
  void check_earlier(const MeasureCard& card) const;
  /// Of an expression without vectors; `otherwise` where it is empty.
  [[nodiscard]] double constant(const VectorExpression& expression, double otherwise) const;
  /// Where an event of the card lies on the scale; `beyond`: it may lie outside of the points.
  [[nodiscard]] double place(const MeasureEvent& event, const MeasureCard& card, bool beyond = false) const;
  /// What the card measures: at the first point, at x, its slope at x (of the parabola through the three
  /// nearest points), and along the range from `from` to `to`, or all over.
  [[nodiscard]] double first_value(const MeasureCard& card) const;
  [[nodiscard]] double value_at(const MeasureCard& card, double x) const;
  [[nodiscard]] double slope_at(const MeasureCard& card, double x) const;
  [[nodiscard]] MeasuredRange range(const MeasureCard& card) const;
  /// `card.lower` is the level that turns on, `card.upper` the one that turns off; the same where one is not
  /// given, 0 where none is.
  [[nodiscard]] MeasuredLogic logic(const MeasureCard& card) const;
  /// The differences of what the card measures from its reference, at those of its places that lie in the
  /// range.
  [[nodiscard]] std::vector<double> differences(const MeasureCard& card) const;

 private:
  /// From where to where the card measures.
  [[nodiscard]] std::pair<double, double> ends(const MeasureCard& card) const;
  /// Below it a difference is noise of the integration, which crosses nothing.
  [[nodiscard]] double noise(const std::vector<double>& values) const;
  [[nodiscard]] double crossing(const MeasureEvent& event, const MeasureCard& card) const;
  /// The block and the place in it of the first piece around x.
  [[nodiscard]] std::pair<const ScaleBlock*, std::size_t> find(double x) const;

  const Samples& samples_;
  const MeasureValues& earlier_;
  double reltol_;
  std::vector<ScaleBlock> blocks_;
  double low_ = 0;
  double high_ = 0;
};

}  // namespace memspice
