#include "network/graph.hpp"

#include <algorithm>
#include <numeric>

#include "network/adjacency.hpp"

namespace memspice::network {

namespace {

// Visits every node once, breadth first from the best connected node of each part, and calls
// reach(branch, node, neighbour) when a branch leads to a neighbour not seen before.
template <class Reach>
std::size_t breadth_first(std::size_t node_count, std::span<const GraphBranch> ends,
                          const Adjacency& adjacency, Reach&& reach) {
  std::vector<std::uint32_t> roots(node_count);
  std::iota(roots.begin(), roots.end(), 0u);
  std::ranges::stable_sort(roots, std::ranges::greater{},
                           [&](std::uint32_t node) { return adjacency.of(node).size(); });
  std::vector<bool> seen(node_count, false);
  std::vector<std::uint32_t> queue;
  queue.reserve(node_count);
  std::size_t parts = 0;
  for (const auto root : roots) {
    if (seen[root]) continue;
    ++parts;
    seen[root] = true;
    queue.push_back(root);
    for (std::size_t head = queue.size() - 1; head < queue.size(); ++head) {
      const auto node = queue[head];
      for (const auto k : adjacency.of(node)) {
        const auto neighbour = other_end(ends[k], node);
        if (seen[neighbour]) continue;
        seen[neighbour] = true;
        queue.push_back(neighbour);
        reach(k, node, neighbour);
      }
    }
  }
  return parts;
}

}  // namespace

SpanningForest::SpanningForest(std::size_t node_count, std::span<const GraphBranch> branches,
                               std::span<const std::uint8_t> rank)
    : branches_(branches.begin(), branches.end()),
      in_tree_(branches.size(), false),
      parent_branch_(node_count, static_cast<std::uint32_t>(branches.size())),
      depth_(node_count, 0) {
  std::vector<std::uint32_t> order(branches.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t k) { return rank[k]; });

  // One rank after the other, on the graph whose nodes are the parts that the earlier ranks connected.
  std::vector<std::uint32_t> part(node_count);
  std::iota(part.begin(), part.end(), 0u);
  std::vector<GraphBranch> ends = branches_;
  for (auto first = order.begin(); first != order.end();) {
    const auto last = std::find_if(first, order.end(), [&](auto k) { return rank[k] != rank[*first]; });
    const Adjacency adjacency(node_count, ends, std::span(first, last));
    std::vector<std::uint32_t> joined(node_count);
    std::iota(joined.begin(), joined.end(), 0u);
    breadth_first(node_count, ends, adjacency, [&](auto k, auto node, auto neighbour) {
      in_tree_[k] = true;
      joined[neighbour] = joined[node];
    });
    for (auto& p : part) p = joined[p];
    for (std::size_t k = 0; k < ends.size(); ++k) ends[k] = {part[branches_[k].from], part[branches_[k].to]};
    first = last;
  }
  for (std::uint32_t k = 0; k < branches_.size(); ++k) {
    if (!in_tree_[k]) chords_.push_back(k);
  }
  root_trees();
}

void SpanningForest::root_trees() {
  std::vector<std::uint32_t> tree;
  for (std::uint32_t k = 0; k < branches_.size(); ++k) {
    if (in_tree_[k]) tree.push_back(k);
  }
  const Adjacency adjacency(depth_.size(), branches_, tree);
  components_ = breadth_first(depth_.size(), branches_, adjacency, [&](auto k, auto node, auto neighbour) {
    parent_branch_[neighbour] = k;
    depth_[neighbour] = depth_[node] + 1;
  });
}

std::vector<SignedBranch> SpanningForest::cycle(std::uint32_t chord) const {
  std::vector<SignedBranch> cycle{{chord, 1}};
  // From the chord's end up to the common ancestor along the cycle, from its beginning up against it.
  auto head = branches_[chord].to;
  auto tail = branches_[chord].from;
  const auto climb = [&](std::uint32_t& node, std::int32_t along) {
    const auto k = parent_branch_[node];
    cycle.push_back({k, branches_[k].from == node ? along : -along});
    node = other_end(branches_[k], node);
  };
  while (head != tail) {
    if (depth_[head] >= depth_[tail]) {
      climb(head, 1);
    } else {
      climb(tail, -1);
    }
  }
  return cycle;
}

std::vector<std::vector<SignedBranch>> SpanningForest::short_cycles(
    std::span<const std::uint32_t> chords) const {
  std::vector<std::vector<std::uint32_t>> usable(depth_.size());  // branches by node
  const auto allow = [&](std::uint32_t k) {
    usable[branches_[k].from].push_back(k);
    usable[branches_[k].to].push_back(k);
  };
  for (std::uint32_t k = 0; k < branches_.size(); ++k) {
    if (in_tree_[k]) allow(k);
  }
  std::vector<std::vector<SignedBranch>> cycles;
  for (const auto chord : chords) cycles.push_back(cycle(chord));
  std::vector<std::size_t> order(chords.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, {}, [&](std::size_t n) { return cycles[n].size(); });

  constexpr auto unseen = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> towards(depth_.size(),
                                     unseen);  // the branch that leads back to the chord's beginning
  std::vector<std::uint32_t> queue;
  for (const auto n : order) {
    const auto chord = chords[n];
    const auto [begin, end] = branches_[chord];
    if (begin == end) continue;
    queue.assign(1, begin);
    towards[begin] = chord;
    for (std::size_t head = 0; towards[end] == unseen; ++head) {
      for (const auto k : usable[queue[head]]) {
        const auto neighbour = other_end(branches_[k], queue[head]);
        if (towards[neighbour] != unseen) continue;
        towards[neighbour] = k;
        queue.push_back(neighbour);
      }
    }
    auto& cycle = cycles[n];
    cycle.resize(1);
    for (auto node = end; node != begin;) {
      const auto k = towards[node];
      cycle.push_back({k, branches_[k].from == node ? 1 : -1});
      node = other_end(branches_[k], node);
    }
    for (const auto node : queue) towards[node] = unseen;
    allow(chord);
  }
  return cycles;
}

std::vector<SignedBranch> SpanningForest::cut(std::uint32_t tree_branch) const {
  std::vector<SignedBranch> cut{{tree_branch, 1}};
  for (const auto chord : chords_) {
    for (const auto& [branch, sign] : cycle(chord)) {
      // A cycle crosses a cut as often one way as the other: the chord runs against the tree branch's share.
      if (branch == tree_branch) cut.push_back({chord, -sign});
    }
  }
  return cut;
}

}  // namespace memspice::network
