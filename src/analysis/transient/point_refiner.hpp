#pragma once

#include <algorithm>
#include <cstddef>

namespace memspice {

/// Decides how hard to look between two rows for what straight lines between them miss, so that measures
/// cost about as much as rows do.
class PointRefiner {
 public:
  /// Small circuits may take many points, where reltol asks for them.
  explicit PointRefiner(std::size_t unknowns)
      : credit_per_row_(unknowns <= 100 ? 64 : 2),
        most_credit_(static_cast<int>(std::clamp<std::size_t>(1000000 / (unknowns + 1), 200, 20000))) {}

  /// Curves may change suddenly here.
  void begin_segment() { calm_ = 0; }
  /// Whether the last looks found that intervals of this length need no look. To be asked once a row.
  [[nodiscard]] bool is_calm(double length) {
    credit_ = std::min(credit_ + credit_per_row_, most_credit_);
    if (calm_ == 0 || length > 2 * calm_length_) return false;
    --calm_;
    return true;
  }
  /// Whether to look at the middle of an interval that has been halved so often already; spends credit.
  [[nodiscard]] bool may_look(int depth) {
    if (depth == deepest || credit_ == 0) return false;
    --credit_;
    return true;
  }
  /// Whether a bend, in units of the tolerance, is small enough: the scarcer the credit, the larger ones are.
  [[nodiscard]] bool accepts(double bend) const { return bend * credit_ <= most_credit_; }
  /// The bend that a look at a whole interval found, in the same units.
  void note_bend(double bend, double length) {
    calm_ = bend < 1.0 / 16 ? 8 : 0;  // halving divides bends by four: far from 1
    calm_length_ = length;
  }

 private:
  static constexpr int deepest = 8;
  int credit_per_row_;
  int most_credit_;
  int credit_ = most_credit_;
  int calm_ = 0;
  double calm_length_ = 0;
};

}  // namespace memspice
