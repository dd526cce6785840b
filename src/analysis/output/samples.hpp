#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/archive.hpp"
#include "expression/column_expression.hpp"
#include "waveform/merged_grid.hpp"

namespace memspice {

/// The values of earlier measures of an analysis; a failed one has none.
using MeasureValues = std::unordered_map<std::string, double>;

/// What .measure and .four look at: the scale and the vectors they name, at every point of an analysis.
class Samples {
 public:
  Samples(const SourceFiles& sources, bool complex) : sources_(sources), complex_(complex) {}

  struct Tolerance {
    double relative = 0;  // to the largest value so far
    double absolute = 0;
  };
  /// Keeps the vectors of an expression; `binding` finds them in a row. The tolerance is that of bend().
  void want(const VectorExpression& expression, Tolerance tolerance,
            const ColumnExpression::Binding& binding);
  [[nodiscard]] bool wanted() const { return wanted_; }
  void add(double scale, std::span<const double> row);

  /// How far expressions at `middle`, half-way to `end`, are from the straight line from the last point to
  /// `end`: the largest distance in units of the tolerance. Of real rows.
  [[nodiscard]] double bend(std::span<const double> middle, std::span<const double> end);

  [[nodiscard]] std::size_t size() const { return scale_.size(); }
  [[nodiscard]] const std::vector<double>& scale() const { return scale_; }
  /// Runs of the scale in one direction.
  [[nodiscard]] std::vector<ScaleBlock> blocks() const { return split_scale(scale_); }
  /// The points so far, written or read.
  void exchange(Archive& archive) {
    archive.list(scale_);
    archive.list(values_);
    archive.require(values_.size() == scale_.size() * places_.size() * (complex_ ? 2 : 1));
    for (Watched& watched : watched_) {
      archive(watched.last);
      archive(watched.largest);
    }
  }
  /// The (real part of the) expression at every point. Throws DeckError.
  [[nodiscard]] std::vector<double> values(const VectorExpression& expression,
                                           const MeasureValues& measures) const;
  /// Its value where there are no vectors in it. Throws DeckError.
  [[nodiscard]] double constant(const VectorExpression& expression, const MeasureValues& measures) const;
  [[nodiscard]] bool is_complex(const VectorExpression& expression) const;

 private:
  struct Watched {  // an expression of whole rows
    ColumnExpression value;
    Tolerance tolerance;
    double last = 0;
    double largest = 0;  // magnitude so far
  };
  /// To the values kept of a point; without `points` to none.
  [[nodiscard]] ColumnExpression bind(const VectorExpression& expression, const MeasureValues& measures,
                                      bool points = true) const;

  const SourceFiles& sources_;
  bool complex_;
  bool wanted_ = false;
  std::unordered_map<std::string, ColumnExpression::Place> slots_;  // by vector or parameter
  std::vector<std::size_t> places_;                                 // in a row, by slot
  std::vector<double> scale_;
  std::vector<double> values_;    // point by point
  std::vector<Watched> watched_;  // of real rows
};

}  // namespace memspice
