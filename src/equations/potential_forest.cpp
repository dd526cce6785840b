#include "equations/potential_forest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace memspice {

namespace {

constexpr std::uint32_t none = 0xffffffffu;

std::uint32_t find_root(std::vector<std::uint32_t>& parent, std::uint32_t node) {
  while (parent[node] != node) {
    parent[node] = parent[parent[node]];
    node = parent[node];
  }
  return node;
}

std::string tie_name(const Circuit& circuit, const Tie& tie) {
  switch (tie.kind) {
    case Tie::Kind::voltage_source:
      return std::string(circuit.element_names[circuit.voltage_sources[tie.index].name]);
    case Tie::Kind::short_circuit:
      return std::string(circuit.element_names[circuit.groups[tie.group].names[tie.index]]);
    case Tie::Kind::initial_condition:
      return fmt::format(".ic v({})", circuit.node_names[tie.plus]);
  }
  return {};
}

Location tie_location(const Circuit& circuit, const Tie& tie) {
  switch (tie.kind) {
    case Tie::Kind::voltage_source:
      return circuit.voltage_sources[tie.index].where;
    case Tie::Kind::short_circuit:
      return circuit.groups[tie.group].where[tie.index];
    case Tie::Kind::initial_condition:
      return circuit.initial_conditions[tie.index].where;
  }
  return {};
}

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
  std::vector<std::uint32_t> parent(nodes);
  std::iota(parent.begin(), parent.end(), 0u);
  std::vector<std::uint32_t> tree;
  tree.reserve(ties_.size());
  for (std::uint32_t t = 0; t < ties_.size(); ++t) {
    const std::uint32_t a = find_root(parent, ties_[t].plus);
    const std::uint32_t b = find_root(parent, ties_[t].minus);
    if (a == b) {
      fail_on_loop(circuit, t, tree);
    } else {
      parent[std::max(a, b)] = std::min(a, b);  // ground stays the root of its tree
      tree.push_back(t);
    }
  }

  const Adjacency adjacent(nodes, ties_, tree);
  row_.assign(nodes, none);
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
        branches_.push_back({node, other, adjacent.tie[i], other == tie.plus ? 1.0 : -1.0});
        queue.push_back(other);
      }
    }
    ++rows_;
  }
}

void PotentialForest::fail_on_loop(const Circuit& circuit, std::size_t closing,
                                   const std::vector<std::uint32_t>& tree) const {
  // The path through the tree between the closing tie's nodes, by breadth-first search.
  const Tie& last = ties_[closing];
  const Adjacency adjacent(circuit.node_names.size(), ties_, tree);
  std::vector<std::uint32_t> via(circuit.node_names.size(), none);
  std::vector<NodeId> queue{last.plus};
  for (std::size_t next = 0; next < queue.size() && via[last.minus] == none; ++next) {
    for (std::uint32_t i = adjacent.begin[queue[next]]; i < adjacent.begin[queue[next] + 1]; ++i) {
      const Tie& tie = ties_[adjacent.tie[i]];
      const NodeId other = tie.plus == queue[next] ? tie.minus : tie.plus;
      if (other == last.plus || via[other] != none) continue;
      via[other] = adjacent.tie[i];
      queue.push_back(other);
    }
  }
  std::vector<std::size_t> loop{closing};
  for (NodeId node = last.minus; node != last.plus;) {
    loop.push_back(via[node]);
    node = ties_[via[node]].plus == node ? ties_[via[node]].minus : ties_[via[node]].plus;
  }
  const bool only_shorts =
      std::ranges::all_of(loop, [&](std::size_t t) { return ties_[t].kind == Tie::Kind::short_circuit; });
  if (only_shorts) return;  // a superconducting loop: its circulating current is taken as zero

  std::string names;
  bool inductor = false;
  bool condition = false;
  for (std::size_t i = 0; i < loop.size() && i < 6; ++i)
    names += (i == 0 ? "" : ", ") + tie_name(circuit, ties_[loop[i]]);
  if (loop.size() > 6) names += fmt::format(" and {} more", loop.size() - 6);
  for (const std::size_t t : loop) {
    inductor |= ties_[t].kind == Tie::Kind::short_circuit && circuit.groups[ties_[t].group].type->short_at_dc;
    condition |= ties_[t].kind == Tie::Kind::initial_condition;
  }
  std::string message = fmt::format("voltage sources form a loop: {}", names);
  std::string hint = "put a small resistance in series with one of them, or remove one";
  if (loop.size() == 1) {
    message =
        fmt::format("both ends of voltage source {} are at node '{}'", names, circuit.node_names[last.plus]);
    hint = "connect it to two different nodes";
  } else if (condition) {
    message =
        fmt::format("an initial condition contradicts the voltage sources it is in a loop with: {}", names);
    hint = "remove the .ic of a node whose voltage is already fixed";
  } else if (inductor) {
    message = fmt::format("voltage sources and inductors form a loop without resistance: {}", names);
    hint = "its DC current is infinite: put a resistance in series, or start with .tran … uic";
  }
  const Location where = tie_location(circuit, last);
  throw DeckError(diagnose(*circuit.sources, where, tie_name(circuit, last).size(), message, hint));
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

}  // namespace memspice
