#include "waveform/vector_comparer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace memspice {
namespace {

double difference(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  const double distance = std::abs(a - b);
  return std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance;
}

}  // namespace

void Extent::add(double value) {
  if (std::isnan(value)) return;
  low_ = any_ ? std::min(low_, value) : value;
  high_ = any_ ? std::max(high_, value) : value;
  any_ = true;
}

double Extent::magnitude() const {
  return std::max(std::abs(low_), std::abs(high_));
}

void VectorComparer::add(const std::vector<GridPoint>& points) {
  for (const GridPoint& point : points) {
    const double real = first_.real(point.first);
    const double imaginary = first_.imaginary(point.first);
    real_.add(real);
    imaginary_.add(imaginary);
    const double real_distance = difference(real, second_.real(point.second));
    const double imaginary_distance = difference(imaginary, second_.imaginary(point.second));
    const double distance =
        imaginary_distance == 0 ? real_distance : std::hypot(real_distance, imaginary_distance);
    if (distance > maximum_) {
      maximum_ = distance;
      where_ = point.scale;
    }
    const double square = distance * distance;
    if (connected_) integral_ += 0.5 * (previous_square_ + square) * (point.scale - previous_scale_);
    connected_ = true;
    previous_square_ = square;
    previous_scale_ = point.scale;
    squares_ += square;
    ++points_;
  }
}

VectorComparer::Result VectorComparer::result(double length) const {
  Result result{.maximum = maximum_, .where = where_};
  result.rms = std::sqrt(length > 0 ? integral_ / length : squares_ / static_cast<double>(points_));
  // An infinite difference on both sides of a jump.
  if (std::isnan(result.rms)) result.rms = std::numeric_limits<double>::infinity();
  const double magnitude = std::hypot(real_.magnitude(), imaginary_.magnitude());
  result.range = std::max(real_.width(), imaginary_.width());
  // What moves by rounding errors only is a constant.
  if (!(result.range > 1e-9 * magnitude)) result.range = magnitude;
  return result;
}

}  // namespace memspice
