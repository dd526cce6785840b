#include "equations/topology/potential_forest.hpp"

#include <algorithm>
#include <numeric>

#include "base/disjoint_sets.hpp"

namespace memspice {

namespace {

constexpr std::uint32_t none = 0xffffffffu;

/// Ties of a forest by node, for walks.
struct Adjacency {
  std::vector<std::uint32_t> begin;
  std::vector<std::uint32_t> tie;

  Adjacency(std::size_t nodes, const std::vector<Tie>& ties, const std::vector<std::uint32_t>& tree)
      : begin(nodes + 1, 0), tie(2 * tree.size()) {
    for (const std::uint32_t t : tree) {
      ++begin[ties[t].plus + 1];
      ++begin[ties[t].minus + 1];
    }
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    std::vector<std::uint32_t> fill(begin.begin(), begin.end() - 1);
    for (const std::uint32_t t : tree) {
      tie[fill[ties[t].plus]++] = t;
      tie[fill[ties[t].minus]++] = t;
    }
  }
};

}  // namespace

PotentialForest::PotentialForest(const Circuit& circuit, std::vector<Tie> ties) : ties_(std::move(ties)) {
  const std::size_t nodes = circuit.node_names.size();
  DisjointSets joined(nodes);
  std::vector<std::uint32_t> tree;
  tree.reserve(ties_.size());
  for (std::uint32_t t = 0; t < ties_.size(); ++t)
    if (joined.join(ties_[t].plus, ties_[t].minus)) tree.push_back(t);

  const Adjacency adjacent(nodes, ties_, tree);
  row_.assign(nodes, none);
  branch_to_.assign(nodes, none);
  branches_.reserve(tree.size());
  std::vector<NodeId> queue;
  for (NodeId root = 0; root < nodes; ++root) {
    if (row_[root] != none) continue;
    row_[root] = static_cast<std::uint32_t>(rows_);
    queue.assign(1, root);
    for (std::size_t next = 0; next < queue.size(); ++next) {
      const NodeId node = queue[next];
      for (std::uint32_t i = adjacent.begin[node]; i < adjacent.begin[node + 1]; ++i) {
        const Tie& tie = ties_[adjacent.tie[i]];
        const NodeId other = tie.plus == node ? tie.minus : tie.plus;
        if (row_[other] != none) continue;
        row_[other] = static_cast<std::uint32_t>(rows_);
        branch_to_[other] = static_cast<std::uint32_t>(branches_.size());
        floats_ |= rows_ > 0;
        branches_.push_back({node, other, adjacent.tie[i], other == tie.plus ? 1.0 : -1.0});
        queue.push_back(other);
      }
    }
    ++rows_;
  }
}

void PotentialForest::offsets(std::span<const double> emf, std::span<double> offset) const {
  std::ranges::fill(offset, 0.0);
  for (const Branch& branch : branches_)
    offset[branch.child] = offset[branch.parent] + branch.sign * emf[branch.tie];
}

std::vector<std::uint8_t> PotentialForest::nodes_with_offset() const {
  std::vector<std::uint8_t> nodes(row_.size(), 0);
  for (const Branch& branch : branches_) nodes[branch.child] = 1;
  return nodes;
}

void PotentialForest::currents(std::span<double> leaving, std::span<double> current) const {
  std::ranges::fill(current, 0.0);
  for (auto branch = branches_.rbegin(); branch != branches_.rend(); ++branch) {
    current[branch->tie] = -branch->sign * leaving[branch->child];
    leaving[branch->parent] += leaving[branch->child];
  }
}

void PotentialForest::place_rounding(std::span<const double> leaving, std::span<const double> tolerated,
                                     std::vector<NodeId>& most_tolerant, std::span<double> current) const {
  most_tolerant.assign(rows_, none);
  for (NodeId node = 0; node < row_.size(); ++node) {
    NodeId& best = most_tolerant[row_[node]];
    if (best == none || tolerated[node] > tolerated[best]) best = node;
  }
  for (NodeId root = 0; root < row_.size(); ++root) {
    if (row_[root] == 0 || branch_to_[root] != none || leaving[root] == 0) continue;
    for (NodeId node = most_tolerant[row_[root]]; node != root;) {
      const Branch& branch = branches_[branch_to_[node]];
      current[branch.tie] = -branch.sign * (leaving[node] - leaving[root]);
      node = branch.parent;
    }
  }
}

}  // namespace memspice
