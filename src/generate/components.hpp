#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "generate/network.hpp"

namespace memspice::generate {

/// Which nodes are connected (union-find).
class DisjointSets {
 public:
  explicit DisjointSets(std::uint32_t nodes);
  DisjointSets(std::uint32_t nodes, std::span<const Edge> edges);

  /// Of the node's set, the one that stands for all.
  std::uint32_t root(std::uint32_t node);
  /// False when both were in one set already.
  bool join(std::uint32_t a, std::uint32_t b);
  [[nodiscard]] std::uint32_t count() const { return count_; }
  std::uint32_t size(std::uint32_t node) { return size_[root(node)]; }

 private:
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> size_;
  std::uint32_t count_;
};

bool connected(const Network& network, std::uint32_t a, std::uint32_t b);

/// Keeps the part of the network that is connected to `node` and numbers its nodes anew, in their order;
/// counts what is lost.
void keep_component_of(Network& network, std::uint32_t node);
/// A node of the largest component, the smallest one of the first.
std::uint32_t node_of_largest_component(const Network& network);

/// A node at the largest distance from node 0, counted in elements of a connected network; the first of them.
std::uint32_t farthest_node(const Network& network);

/// Indices of the memristors that close a loop with elements before them: each lies on a cycle.
std::vector<std::uint32_t> chords(const Network& network);

}  // namespace memspice::generate
