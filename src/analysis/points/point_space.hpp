#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice {

/// The points of .step, .mc and a list of temperatures: all combinations of the values of nested loops.
class PointSpace {
 public:
  explicit PointSpace(const Circuit& circuit);

  /// How many points there are; the innermost loop counts fastest.
  [[nodiscard]] std::size_t size() const { return count_; }
  /// What differs from point to point, as vectors: "rload", "temp", "run".
  [[nodiscard]] std::vector<VectorInfo> vectors() const;
  /// Their values at a point.
  [[nodiscard]] std::vector<double> values(std::size_t point) const;
  /// What a circuit has at a point with these values.
  [[nodiscard]] Variation variation(const std::vector<double>& values) const;

 private:
  struct Loop {
    VectorInfo vector;
    Sweep sweep;           // its values
    bool of_runs = false;  // of .mc: the values are numbers of runs, from 1 on
  };
  std::vector<Loop> loops_;
  std::size_t count_ = 1;
};

}  // namespace memspice
