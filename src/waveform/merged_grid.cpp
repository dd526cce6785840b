#include "waveform/merged_grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace memspice {

std::vector<ScaleBlock> split_scale(std::span<const double> scale) {
  std::vector<ScaleBlock> blocks;
  bool open = false;
  double direction = 0;
  for (std::size_t i = 0; i < scale.size(); ++i) {
    if (!std::isfinite(scale[i])) {
      open = false;
      continue;
    }
    const double step = open ? scale[i] - scale[i - 1] : 0;
    if (!open || step * direction < 0) {
      blocks.push_back({scale, i, i, false});
      direction = 0;
    } else if (step != 0 && direction == 0) {
      direction = step > 0 ? 1 : -1;
      blocks.back().decreasing = step < 0;
    }
    blocks.back().end = i + 1;
    open = true;
  }
  return blocks;
}

MergedGrid::MergedGrid(const ScaleBlock& first, const ScaleBlock& second) : first_{first}, second_{second} {
  from_ = std::max(first.at(0), second.at(0));
  to_ = std::min(first.at(first.size() - 1), second.at(second.size() - 1));
  value_ = from_;
}

// Both bounds only ever move up, so a whole walk costs as much as there are rows.
void MergedGrid::Cursor::move_to(double value) {
  while (lower < block.size() && block.at(lower) < value) ++lower;
  upper = std::max(upper, lower);
  while (upper < block.size() && block.at(upper) <= value) ++upper;
}

double MergedGrid::Cursor::following() const {
  return upper < block.size() ? block.at(upper) : std::numeric_limits<double>::infinity();
}

Interpolation MergedGrid::Cursor::between(double value) const {
  const double below = block.at(lower - 1);
  const double above = block.at(lower);
  return {block.row(lower - 1), block.row(lower), (value - below) / (above - below)};
}

Interpolation MergedGrid::Cursor::left(double value) const {
  if (lower == upper) return between(value);
  return {block.row(lower), block.row(lower), 0};
}

Interpolation MergedGrid::Cursor::right(double value) const {
  if (lower == upper) return between(value);
  return {block.row(upper - 1), block.row(upper - 1), 0};
}

void MergedGrid::next(std::vector<GridPoint>& points, std::size_t count) {
  points.clear();
  while (points.size() < count && value_ <= to_) {
    first_.move_to(value_);
    second_.move_to(value_);
    points.push_back({value_, first_.left(value_), second_.left(value_)});
    const bool jump = first_.upper - first_.lower > 1 || second_.upper - second_.lower > 1;
    if (jump) points.push_back({value_, first_.right(value_), second_.right(value_)});
    value_ = std::min(first_.following(), second_.following());
  }
}

}  // namespace memspice
