#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace memspice {

/// Sets of nodes (or of rows), to begin with one each; a set is known by its smallest number.
class NodeSets {
 public:
  explicit NodeSets(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0u); }
  [[nodiscard]] std::uint32_t find(std::uint32_t node) {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }
  /// False when the two were in one set already.
  bool join(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    if (a == b) return false;
    if (b < a) std::swap(a, b);
    parent_[b] = a;
    return true;
  }

 private:
  std::vector<std::uint32_t> parent_;
};

}  // namespace memspice
