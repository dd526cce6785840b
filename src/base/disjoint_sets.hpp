#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace memspice {

/// Sets of the numbers 0 … count - 1, to begin with one each.
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t count) : parent_(count), count_(count) {
    std::iota(parent_.begin(), parent_.end(), 0u);
  }

  /// The set's smallest number.
  [[nodiscard]] std::uint32_t find(std::uint32_t n) {
    while (parent_[n] != n) n = parent_[n] = parent_[parent_[n]];
    return n;
  }
  /// False when the two were in one set already.
  bool join(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    if (a == b) return false;
    if (b < a) std::swap(a, b);
    parent_[b] = a;
    --count_;
    return true;
  }
  /// Number of sets.
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::vector<std::uint32_t> parent_;
  std::size_t count_;
};

}  // namespace memspice
