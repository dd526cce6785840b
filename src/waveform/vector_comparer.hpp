#pragma once

#include <cstddef>
#include <memspice/waveform.hpp>
#include <vector>

#include "waveform/merged_grid.hpp"

namespace memspice {

/// One vector of a plot, read between its rows; a real one has no imaginary part.
class ColumnView {
 public:
  ColumnView(const Plot& plot, std::size_t vector)
      : real_(&plot.columns[vector]), imaginary_(plot.complex ? &plot.imaginary[vector] : nullptr) {}

  [[nodiscard]] double real(const Interpolation& at) const { return interpolate(*real_, at); }
  [[nodiscard]] double imaginary(const Interpolation& at) const {
    return imaginary_ == nullptr ? 0 : interpolate(*imaginary_, at);
  }

 private:
  static double interpolate(const std::vector<double>& column, const Interpolation& at) {
    const double value = column[at.row];
    if (at.fraction == 0) return value;
    const double next = column[at.next];
    // Between equal infinities there is no slope.
    return value == next ? value : value + at.fraction * (next - value);
  }

  const std::vector<double>* real_;
  const std::vector<double>* imaginary_;
};

/// The smallest and the largest of some numbers; NaN does not count.
class Extent {
 public:
  void add(double value);
  [[nodiscard]] double width() const { return any_ ? high_ - low_ : 0; }
  [[nodiscard]] double magnitude() const;

 private:
  bool any_ = false;
  double low_ = 0;
  double high_ = 0;
};

/// Gathers the difference of two vectors while a merged grid is walked.
class VectorComparer {
 public:
  struct Result {
    double maximum = 0;
    double where = 0;
    double rms = 0;
    double range = 0;
  };

  VectorComparer(ColumnView first, ColumnView second) : first_(first), second_(second) {}

  /// What follows is not connected with what came before.
  void begin_block() { connected_ = false; }
  void add(const std::vector<GridPoint>& points);
  /// `length` of the common range, over all blocks; 0 where rows stand for themselves.
  [[nodiscard]] Result result(double length) const;

 private:
  ColumnView first_;
  ColumnView second_;
  double maximum_ = 0;
  double where_ = 0;
  double integral_ = 0;  // of the squared difference over the scale
  double squares_ = 0;
  std::size_t points_ = 0;
  bool connected_ = false;
  double previous_square_ = 0;
  double previous_scale_ = 0;
  Extent real_;
  Extent imaginary_;
};

}  // namespace memspice
