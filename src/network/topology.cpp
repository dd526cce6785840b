#include "network/topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/disjoint_sets.hpp"
#include "network/adjacency.hpp"
#include "network/node_laplacian.hpp"

namespace memspice::network {

namespace {

constexpr auto none = static_cast<std::uint32_t>(-1);

// Depth-first search after Hopcroft and Tarjan, with its own stack: a chain of a million nodes is a deep
// tree.
class BlockSearch {
 public:
  BlockSearch(std::size_t node_count, std::span<const GraphBranch> branches)
      : branches_(branches),
        adjacency_(node_count, branches),
        order_(node_count, none),
        lowest_(node_count, none) {
    blocks_.block.assign(branches.size(), none);
    blocks_.bridge.assign(branches.size(), false);
  }

  Blocks run() {
    for (std::uint32_t root = 0; root < order_.size(); ++root) {
      if (order_[root] != none) continue;
      ++blocks_.components;
      search(root);
    }
    return std::move(blocks_);
  }

 private:
  struct Visit {
    std::uint32_t node;
    std::uint32_t through;  // the branch that led here
    std::size_t next = 0;   // in the node's list
  };

  void enter(std::uint32_t node, std::uint32_t through) {
    order_[node] = lowest_[node] = count_++;
    path_.push_back({node, through});
  }

  void search(std::uint32_t root) {
    enter(root, none);
    while (!path_.empty()) {
      Visit& at = path_.back();
      const auto list = adjacency_.of(at.node);
      if (at.next < list.size()) {
        look_at(at, list[at.next++]);
        continue;
      }
      const Visit done = at;
      path_.pop_back();
      if (path_.empty()) break;
      const auto parent = path_.back().node;
      lowest_[parent] = std::min(lowest_[parent], lowest_[done.node]);
      if (lowest_[done.node] >= order_[parent]) close_block(done.through);
    }
  }

  void look_at(const Visit& at, std::uint32_t branch) {
    if (branch == at.through) return;
    const auto node = at.node;  // enter() may move the visits
    const auto other = other_end(branches_[branch], node);
    if (other == node) {
      if (blocks_.block[branch] == none) blocks_.block[branch] = new_block();
    } else if (order_[other] == none) {
      open_.push_back(branch);
      enter(other, branch);
    } else if (order_[other] < order_[node]) {
      open_.push_back(branch);
      lowest_[node] = std::min(lowest_[node], order_[other]);
    }
  }

  void close_block(std::uint32_t first) {
    const auto block = new_block();
    if (open_.back() == first) {
      blocks_.bridge[first] = true;
      ++blocks_.bridges;
    }
    for (auto branch = none; branch != first;) {
      branch = open_.back();
      open_.pop_back();
      blocks_.block[branch] = block;
    }
  }

  std::uint32_t new_block() { return static_cast<std::uint32_t>(blocks_.count++); }

  std::span<const GraphBranch> branches_;
  Adjacency adjacency_;
  std::vector<std::uint32_t> order_;   // in which nodes are entered
  std::vector<std::uint32_t> lowest_;  // order that the subtree's branches reach back to
  std::vector<Visit> path_;
  std::vector<std::uint32_t> open_;  // branches not in a block yet
  std::uint32_t count_ = 0;
  Blocks blocks_;
};

// What a factorisation with both signs may take, by Cholesky's prediction. It is an underestimate where
// diagonal entries vanish: every pivot off the diagonal adds to the factors.
constexpr double most_lu_flops = 2e9;         // 20 s; the grid of 708 x 708 nodes has 6.5e9
constexpr double most_pivoted_flops = 1.5e8;  // 30 s; 200 x 200 nodes

// Whether conductances cancel at a node, as they do when all have one magnitude.
bool cancels(std::size_t node_count, std::span<const GraphBranch> branches,
             std::span<const double> conductance) {
  std::vector<double> sum(node_count, 0.0);
  std::vector<double> magnitudes(node_count, 0.0);
  for (std::size_t k = 0; k < branches.size(); ++k) {
    if (branches[k].from == branches[k].to) continue;
    for (const auto node : {branches[k].from, branches[k].to}) {
      sum[node] += conductance[k];
      magnitudes[node] += std::abs(conductance[k]);
    }
  }
  std::size_t cancelled = 0;
  std::size_t all = 0;
  for (std::size_t n = 0; n < node_count; ++n) {
    all += magnitudes[n] > 0 ? 1 : 0;
    cancelled += std::abs(sum[n]) < 1e-3 * magnitudes[n] ? 1 : 0;  // KLU then leaves the diagonal
  }
  return 50 * cancelled > all;
}

}  // namespace

Blocks find_blocks(std::size_t node_count, std::span<const GraphBranch> branches) {
  return BlockSearch(node_count, branches).run();
}

Finding<double> log_spanning_trees(std::size_t node_count, std::span<const GraphBranch> branches) {
  NodeLaplacian laplacian(node_count, branches);
  if (!affordable(laplacian.factor_size()))
    return {
        {},
        "the graph is too well connected for a sparse factorisation: " + describe(laplacian.factor_size())};
  laplacian.factorise(std::vector<double>(branches.size(), 1.0));
  return {std::max(0.0, laplacian.log_determinant()), {}};
}

EffectiveMemory effective_memory(const FoldedNetwork& network) {
  const auto rank_after_contracting = [&](auto contract) {
    DisjointSets sets(network.node_count());
    for (std::size_t k = network.memristor_count; k < network.branch_count(); ++k) {
      if (contract(network.kinds[k])) sets.join(network.branches[k].from, network.branches[k].to);
    }
    std::size_t rank = 0;
    for (std::size_t k = 0; k < network.memristor_count; ++k)
      rank += sets.join(network.branches[k].from, network.branches[k].to) ? 1 : 0;
    return static_cast<double>(rank);
  };
  const auto memristors = static_cast<double>(network.memristor_count);
  const double fixed = rank_after_contracting([](BranchKind kind) { return kind != BranchKind::driven; });
  const double free = rank_after_contracting([](BranchKind kind) { return kind == BranchKind::source; });
  return {(memristors - fixed) / memristors, free / memristors};
}

ProjectorFacts projector_facts(std::size_t node_count, std::span<const GraphBranch> branches,
                               std::span<const double> resistance) {
  constexpr double rounding = 1e-12;  // values given as expressions are equal up to this
  const Blocks blocks = find_blocks(node_count, branches);
  std::vector<double> smallest(blocks.count, INFINITY);
  std::vector<double> largest(blocks.count, -INFINITY);
  for (std::size_t k = 0; k < branches.size(); ++k) {
    const auto block = blocks.block[k];
    smallest[block] = std::min(smallest[block], resistance[k]);
    largest[block] = std::max(largest[block], resistance[k]);
  }
  bool symmetric = true;
  for (std::size_t block = 0; block < blocks.count; ++block)
    symmetric = symmetric && largest[block] - smallest[block] <= rounding * std::abs(largest[block]);
  ProjectorFacts facts;
  facts.symmetric.value = symmetric;
  facts.rank.value = branches.size() - (node_count - blocks.components);

  std::vector<GraphBranch> mixed;
  std::vector<double> conductance;
  for (std::size_t k = 0; k < branches.size(); ++k) {
    const auto block = blocks.block[k];
    if (smallest[block] > 0 || largest[block] < 0) continue;
    mixed.push_back(branches[k]);
    conductance.push_back(1 / resistance[k]);
  }
  if (mixed.empty()) return facts;
  const auto missing = [](const std::string& reason) {
    ProjectorFacts none;
    none.rank.reason = none.symmetric.reason = reason;
    return none;
  };
  NodeLaplacian laplacian(node_count, mixed);
  const double flops = laplacian.factor_size().flops;
  if (flops > (cancels(node_count, mixed, conductance) ? most_pivoted_flops : most_lu_flops))
    return missing(fmt::format(
        "whether positive and negative resistances cancel is not known: the blocks with both have {} "
        "branches, too many to factorise with pivoting",
        mixed.size()));
  if (!laplacian.factorise(conductance))
    return missing(
        "the projector does not exist: positive and negative resistances cancel, A D A^t is singular");
  return facts;
}

}  // namespace memspice::network
