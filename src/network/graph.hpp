#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace memspice::network {

/// A branch of the network's graph, oriented from → to: positive current flows that way through it.
struct GraphBranch {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

/// A branch as a cycle or a cut meets it: +1 along its orientation, -1 against it.
struct SignedBranch {
  std::uint32_t branch = 0;
  std::int32_t sign = 1;
};

/// A spanning tree of every component of a graph. Nodes are 0 … node_count - 1; a node without branches is a
/// component of its own. Parallel branches and self-loops are allowed.
class SpanningForest {
 public:
  /// `rank[k]`: branches of a lower rank enter the forest whenever they can, so that a branch of rank r is a
  /// chord unless it bridges two parts that branches up to rank r-1 leave apart. Within a rank the tree grows
  /// breadth first, which keeps the cycles short.
  SpanningForest(std::size_t node_count, std::span<const GraphBranch> branches,
                 std::span<const std::uint8_t> rank);

  [[nodiscard]] bool in_tree(std::uint32_t branch) const { return in_tree_[branch]; }
  /// Branches outside the forest, ascending: one fundamental cycle each.
  [[nodiscard]] const std::vector<std::uint32_t>& chords() const { return chords_; }
  [[nodiscard]] std::size_t components() const { return components_; }
  [[nodiscard]] std::size_t branch_count() const { return branches_.size(); }

  /// The cycle that the chord closes, oriented along the chord; the chord comes first.
  [[nodiscard]] std::vector<SignedBranch> cycle(std::uint32_t chord) const;
  /// One cycle for each of the given chords, which with the tree span the same cycles as the fundamental ones
  /// but are shorter: each is a shortest one through its chord, the tree and the given chords that came
  /// before it (those with short fundamental cycles come first). In the order of `chords`; each begins with
  /// its chord and runs along it.
  [[nodiscard]] std::vector<std::vector<SignedBranch>> short_cycles(
      std::span<const std::uint32_t> chords) const;
  /// The branches between the two parts into which the forest falls without this tree branch, itself
  /// included; signs: +1 for those oriented as it is.
  [[nodiscard]] std::vector<SignedBranch> cut(std::uint32_t tree_branch) const;

 private:
  void root_trees();

  std::vector<GraphBranch> branches_;
  std::vector<bool> in_tree_;
  std::vector<std::uint32_t> chords_;
  std::vector<std::uint32_t> parent_branch_;  // by node; its own number of branches for a root
  std::vector<std::uint32_t> depth_;
  std::size_t components_ = 0;
};

}  // namespace memspice::network
