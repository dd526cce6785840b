#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "network/graph.hpp"

namespace memspice::network {

/// The branches at every node, compressed. A self-loop is listed twice at its node.
class Adjacency {
 public:
  /// Of the chosen branches only.
  Adjacency(std::size_t node_count, std::span<const GraphBranch> ends, std::span<const std::uint32_t> chosen)
      : begin_(node_count + 1, 0) {
    for (const auto k : chosen) ++begin_[ends[k].from + 1], ++begin_[ends[k].to + 1];
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    list_.resize(begin_.back());
    auto next = begin_;
    for (const auto k : chosen) list_[next[ends[k].from]++] = list_[next[ends[k].to]++] = k;
  }
  Adjacency(std::size_t node_count, std::span<const GraphBranch> ends)
      : Adjacency(node_count, ends, all(ends.size())) {}

  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t node) const {
    return std::span(list_).subspan(begin_[node], begin_[node + 1] - begin_[node]);
  }

 private:
  static std::vector<std::uint32_t> all(std::size_t count) {
    std::vector<std::uint32_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0u);
    return numbers;
  }

  std::vector<std::size_t> begin_;
  std::vector<std::uint32_t> list_;
};

inline std::uint32_t other_end(const GraphBranch& branch, std::uint32_t node) {
  return branch.from == node ? branch.to : branch.from;
}

}  // namespace memspice::network
