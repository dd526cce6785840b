#include "network/folding.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/disjoint_sets.hpp"
#include "network/adjacency.hpp"

namespace memspice::network {

namespace {

constexpr auto nowhere = static_cast<std::uint32_t>(-1);

// Voltage sources one after another through nodes of degree two.
struct Run {
  std::vector<std::uint32_t> branches;  // from left to right
  std::uint32_t left = 0;               // nodes
  std::uint32_t right = 0;
};

std::vector<std::uint32_t> voltage_sources(const FoldedNetwork& network) {
  std::vector<std::uint32_t> sources;
  for (std::uint32_t k = 0; k < network.branch_count(); ++k) {
    if (network.kinds[k] == BranchKind::source) sources.push_back(k);
  }
  return sources;
}

// A resistive branch that meets a run at a node of degree two.
struct Joint {
  std::uint32_t branch = 0;
  bool at_left = true;
};

class Folder {
 public:
  explicit Folder(const BranchNetwork& network)
      : network_(network),
        ends_(joined_ends(network)),
        adjacency_(network.node_count, ends_, unshorted(network)),
        visited_(ends_.size(), false),
        folded_(ends_.size(), false),
        source_(ends_.size(), nowhere),
        emfs_(ends_.size()) {
    for (std::uint32_t n = 0; n < network.sources.size(); ++n) source_[network.sources[n].branch] = n;
  }

  FoldedNetwork fold() {
    for (std::uint32_t k = 0; k < ends_.size(); ++k) {
      if (network_.kinds[k] != BranchKind::source || visited_[k]) continue;
      const Run run = run_through(k);
      if (const auto joint = best_joint(run)) fold(run, *joint);
    }
    return collect();
  }

 private:
  static std::vector<GraphBranch> joined_ends(const BranchNetwork& network) {
    DisjointSets sets(network.node_count);
    for (std::size_t k = 0; k < network.branches.size(); ++k) {
      if (network.kinds[k] == BranchKind::shorted)
        sets.join(network.branches[k].from, network.branches[k].to);
    }
    std::vector<GraphBranch> ends = network.branches;
    for (auto& branch : ends) branch = {sets.find(branch.from), sets.find(branch.to)};
    return ends;
  }

  static std::vector<std::uint32_t> unshorted(const BranchNetwork& network) {
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t k = 0; k < network.branches.size(); ++k) {
      if (network.kinds[k] != BranchKind::shorted) chosen.push_back(k);
    }
    return chosen;
  }

  // The branch behind `branch` at the node, if it is the only one there.
  [[nodiscard]] std::uint32_t next(std::uint32_t branch, std::uint32_t node) const {
    const auto at = adjacency_.of(node);
    if (at.size() != 2 || at[0] == at[1]) return nowhere;
    return at[0] == branch ? at[1] : at[0];
  }

  Run run_through(std::uint32_t first) {
    visited_[first] = true;
    const auto walk = [&](std::uint32_t& node) {
      std::vector<std::uint32_t> passed;
      for (auto k = next(first, node); k != nowhere; k = next(k, node)) {
        if (visited_[k] || network_.kinds[k] != BranchKind::source) break;
        visited_[k] = true;
        passed.push_back(k);
        node = other_end(ends_[k], node);
      }
      return passed;
    };
    Run run{{}, ends_[first].from, ends_[first].to};
    run.branches = walk(run.left);
    std::ranges::reverse(run.branches);
    run.branches.push_back(first);
    const auto right = walk(run.right);
    run.branches.insert(run.branches.end(), right.begin(), right.end());
    return run;
  }

  [[nodiscard]] std::optional<Joint> best_joint(const Run& run) const {
    std::optional<Joint> best;
    const auto rank = [&](const Joint& joint) {
      return std::tuple(joint.branch >= network_.memristors.size(),
                        (joint.at_left ? run.left : run.right) == ground, joint.branch);
    };
    for (const bool at_left : {true, false}) {
      const auto k = at_left ? next(run.branches.front(), run.left) : next(run.branches.back(), run.right);
      if (k == nowhere || network_.kinds[k] != BranchKind::resistive) continue;
      const Joint joint{k, at_left};
      if (!best || rank(joint) < rank(*best)) best = joint;
    }
    return best;
  }

  void fold(const Run& run, const Joint& joint) {
    GraphBranch& branch = ends_[joint.branch];
    const auto joint_node = joint.at_left ? run.left : run.right;
    const bool comes_first = branch.to == joint_node;  // the resistance, then the run
    const std::int32_t rightward = comes_first == joint.at_left ? 1 : -1;
    auto node = run.left;
    for (const auto k : run.branches) {
      const bool falls = ends_[k].from == node;  // from plus to minus
      emfs_[joint.branch].push_back({source_[k], falls ? -rightward : rightward});
      folded_[k] = true;
      node = other_end(ends_[k], node);
    }
    (comes_first ? branch.to : branch.from) = joint.at_left ? run.right : run.left;
  }

  FoldedNetwork collect() const {
    FoldedNetwork folded;
    folded.emf_begin.push_back(0);
    for (std::uint32_t k = 0; k < ends_.size(); ++k) {
      const auto kind = network_.kinds[k];
      if (kind == BranchKind::shorted || folded_[k]) continue;
      folded.branches.push_back(ends_[k]);
      folded.kinds.push_back(kind);
      folded.elements.push_back(k);
      if (kind == BranchKind::resistive) {
        ++folded.resistive_count;
        folded.emfs.insert(folded.emfs.end(), emfs_[k].begin(), emfs_[k].end());
      } else {
        folded.emfs.push_back({source_[k], kind == BranchKind::source ? -1 : 1});
      }
      folded.emf_begin.push_back(folded.emfs.size());
    }
    folded.memristor_count = network_.memristors.size();

    std::vector<std::uint32_t> place(network_.node_count, nowhere);
    for (const auto& branch : folded.branches) place[branch.from] = place[branch.to] = 0;
    for (std::uint32_t n = 0; n < place.size(); ++n) {
      if (place[n] == nowhere) continue;
      place[n] = static_cast<std::uint32_t>(folded.nodes.size());
      folded.nodes.push_back(n);
    }
    for (auto& branch : folded.branches) branch = {place[branch.from], place[branch.to]};
    return folded;
  }

  const BranchNetwork& network_;
  std::vector<GraphBranch> ends_;
  Adjacency adjacency_;
  std::vector<bool> visited_;
  std::vector<bool> folded_;
  std::vector<std::uint32_t> source_;  // by branch
  std::vector<std::vector<FoldedNetwork::Emf>> emfs_;
};

}  // namespace

FoldedNetwork fold(const BranchNetwork& network) {
  return Folder(network).fold();
}

std::vector<double> resistive_emfs(const FoldedNetwork& network, std::span<const double> source_values) {
  const auto emf = [&](std::size_t branch) {
    double sum = 0;
    for (const auto& [source, sign] : network.emf(branch)) sum += sign * source_values[source];
    return sum;
  };
  // Potentials of the nodes against the first of those that voltage sources join.
  const Adjacency sources(network.node_count(), network.branches, voltage_sources(network));
  std::vector<double> potential(network.node_count(), 0.0);
  std::vector<bool> seen(network.node_count(), false);
  std::vector<std::uint32_t> queue;
  for (std::uint32_t root = 0; root < network.node_count(); ++root) {
    if (seen[root] || sources.of(root).empty()) continue;
    seen[root] = true;
    queue.assign(1, root);
    for (std::size_t head = 0; head < queue.size(); ++head) {
      const auto node = queue[head];
      for (const auto k : sources.of(node)) {
        const auto neighbour = other_end(network.branches[k], node);
        if (seen[neighbour]) continue;
        seen[neighbour] = true;
        const double rise = emf(k);  // along the branch
        potential[neighbour] = potential[node] + (network.branches[k].from == node ? rise : -rise);
        queue.push_back(neighbour);
      }
    }
  }
  std::vector<double> emfs;
  for (std::size_t k = 0; k < network.resistive_count; ++k)
    emfs.push_back(emf(k) + potential[network.branches[k].from] - potential[network.branches[k].to]);
  return emfs;
}

SpanningForest spanning_forest(const FoldedNetwork& network) {
  std::vector<std::uint8_t> rank;
  for (const BranchKind kind : network.kinds) rank.push_back(static_cast<std::uint8_t>(kind));
  return {network.node_count(), network.branches, rank};
}

Minor resistive_graph(const FoldedNetwork& network) {
  return minor(network.node_count(), network.branches, voltage_sources(network),
               std::span(network.branches).first(network.resistive_count));
}

Minor minor(std::size_t node_count, std::span<const GraphBranch> branches,
            std::span<const std::uint32_t> contracted, std::span<const GraphBranch> kept) {
  DisjointSets sets(node_count);
  for (const auto k : contracted) sets.join(branches[k].from, branches[k].to);
  Minor result;
  result.node.resize(node_count);
  for (std::uint32_t n = 0; n < node_count; ++n) {
    const auto set = sets.find(n);  // its smallest node: numbered already
    result.node[n] = set == n ? static_cast<std::uint32_t>(result.node_count++) : result.node[set];
  }
  for (const auto& branch : kept)
    result.branches.push_back({result.node[branch.from], result.node[branch.to]});
  return result;
}

}  // namespace memspice::network
