#pragma once

#include <cstdint>
#include <vector>

#include "equations/rows/auxiliary_point.hpp"

namespace memspice {

/// One entry of the linearised equations: g = ∂F/∂y, c = ∂F/∂ẏ.
struct MatrixEntry {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  double g = 0;
  double c = 0;
};

/// One entry by an unknown's value some time ago.
struct DelayedEntry {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  double g = 0;
  double delay = 0;  // s
};

/// Derivatives of some functions F by everything that they read.
struct EntryLists {
  /// By the voltage of a node: how the EMFs of sources enter.
  struct NodeEntry {
    std::uint32_t row = 0;
    NodeId node = ground;
    double g = 0;
  };
  /// By the value of an independent source.
  struct SourceEntry {
    std::uint32_t row = 0;
    bool voltage = false;
    std::uint32_t index = 0;
    double g = 0;
  };
  std::vector<MatrixEntry> entries;
  std::vector<NodeEntry> nodes;
  std::vector<SourceEntry> sources;
  std::vector<DelayedEntry> delayed;
};

/// Where the auxiliary equations put their derivatives: into a matrix whose pattern is known, or into lists.
/// Row and column 0 are ground's. The sequence of the calls must not depend on the point.
class EntrySink {
 public:
  /// Adds g + c × ∂F/∂ẏ to values[slot], one slot a call.
  EntrySink(double* values, const std::uint32_t* slots, double c) : values_(values), slot_(slots), c_(c) {}
  explicit EntrySink(EntryLists& lists) : lists_(&lists) {}

  /// g = ∂F/∂y and c = ∂F/∂ẏ of one row by one unknown.
  void operator()(std::uint32_t row, std::uint32_t column, double g, double c = 0) {
    if (lists_)
      lists_->entries.push_back({row, column, g, c});
    else
      values_[*slot_++] += g + c_ * c;
  }
  /// ∂F/∂v of one row by the voltage between two nodes, EMFs of sources included.
  void difference(std::uint32_t row, const Ends& ends, double g) {
    (*this)(row, ends.plus_row, g);
    (*this)(row, ends.minus_row, -g);
    if (!lists_) return;
    lists_->nodes.push_back({row, ends.plus, g});
    lists_->nodes.push_back({row, ends.minus, -g});
  }
  /// By the value of an independent source.
  void source_voltage(std::uint32_t row, std::uint32_t index, double g) {
    if (lists_) lists_->sources.push_back({row, true, index, g});
  }
  void source_current(std::uint32_t row, std::uint32_t index, double g) {
    if (lists_) lists_->sources.push_back({row, false, index, g});
  }
  /// g times the unknown one delay (s) ago.
  void delayed(std::uint32_t row, std::uint32_t column, double g, double delay) {
    if (lists_) lists_->delayed.push_back({row, column, g, delay});
  }

 private:
  EntryLists* lists_ = nullptr;  // or else a matrix
  double* values_ = nullptr;
  const std::uint32_t* slot_ = nullptr;
  double c_ = 0;
};

}  // namespace memspice
