#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace memspice {

/// A stretch of a scale that runs in one direction; walked upwards, whatever that direction is.
struct ScaleBlock {
  std::span<const double> scale;  // the whole scale
  std::size_t begin = 0;          // rows [begin, end)
  std::size_t end = 0;
  bool decreasing = false;

  [[nodiscard]] std::size_t size() const { return end - begin; }
  [[nodiscard]] std::size_t row(std::size_t i) const { return decreasing ? end - 1 - i : begin + i; }
  [[nodiscard]] double at(std::size_t i) const { return scale[row(i)]; }
};

/// Cuts a scale where it turns or restarts. Rows whose scale is not finite belong to no block.
std::vector<ScaleBlock> split_scale(std::span<const double> scale);

/// Where a value lies in a column: between two rows.
struct Interpolation {
  std::size_t row = 0;
  std::size_t next = 0;
  double fraction = 0;  // 0: at `row`
};

struct GridPoint {
  double scale = 0;
  Interpolation first;
  Interpolation second;
};

/// Walks the union of two blocks' grids over their common range. Where one of them repeats a value (a jump),
/// the union has two points: both sides of the jump.
class MergedGrid {
 public:
  MergedGrid(const ScaleBlock& first, const ScaleBlock& second);

  [[nodiscard]] bool empty() const { return !(from_ <= to_); }
  [[nodiscard]] double from() const { return from_; }
  [[nodiscard]] double to() const { return to_; }
  /// Replaces `points` by the next ones, about `count` of them; none at the end.
  void next(std::vector<GridPoint>& points, std::size_t count);

 private:
  struct Cursor {
    ScaleBlock block;
    std::size_t lower = 0;  // first place whose scale is not below the current value
    std::size_t upper = 0;  // first place whose scale is above it

    void move_to(double value);
    [[nodiscard]] double following() const;
    [[nodiscard]] Interpolation left(double value) const;
    [[nodiscard]] Interpolation right(double value) const;
    [[nodiscard]] Interpolation between(double value) const;
  };

  Cursor first_;
  Cursor second_;
  double from_ = 0;
  double to_ = 0;
  double value_ = 0;
};

}  // namespace memspice
