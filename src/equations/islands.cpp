#include "equations/islands.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/disjoint_sets.hpp"
#include "equations/readout.hpp"

namespace memspice {

namespace {

constexpr std::size_t largest_island = 32;  // rows: the sum's row has all entries of theirs

struct Capacitor {
  std::uint32_t group, instance;
  NodeId plus, minus;
};

std::vector<Capacitor> capacitors_between(const Circuit& circuit, const PotentialForest& forest) {
  std::vector<Capacitor> found;
  for (std::uint32_t g = 0; g < circuit.groups.size(); ++g) {
    const DeviceGroup& group = circuit.groups[g];
    if (!group.type->open_at_dc || group.type->terminals.size() != 2) continue;
    for (std::uint32_t k = 0; k < group.count(); ++k) {
      const NodeId plus = group.nodes[2 * k], minus = group.nodes[2 * k + 1];
      if (forest.row(plus) != forest.row(minus)) found.push_back({g, k, plus, minus});
    }
  }
  return found;
}

}  // namespace

Islands::Islands(const Circuit& circuit, const PotentialForest& forest, std::span<const std::uint32_t> taken,
                 bool make_rows) {
  std::vector<bool> is_taken(forest.rows(), false);
  for (const std::uint32_t row : taken) is_taken[row] = true;
  const std::vector<Capacitor> capacitors = capacitors_between(circuit, forest);
  if (capacitors.empty()) return;
  DisjointSets sets(forest.rows());
  std::vector<std::vector<std::uint32_t>> at_row(forest.rows());  // capacitors of the spanning trees
  for (std::uint32_t i = 0; i < capacitors.size(); ++i) {
    const std::uint32_t plus = forest.row(capacitors[i].plus), minus = forest.row(capacitors[i].minus);
    if (!sets.join(plus, minus)) continue;
    at_row[plus].push_back(i);
    at_row[minus].push_back(i);
  }
  // Rounding that no capacitor takes is left at the root: best where resistances make rounding of their own.
  const std::vector<std::uint32_t> resistive = resistive_ends(circuit, forest);
  std::vector<std::uint32_t> root_of(forest.rows());
  for (std::uint32_t row = 0; row < root_of.size(); ++row) root_of[row] = row;
  for (std::uint32_t row = 1; row < root_of.size(); ++row) {
    std::uint32_t& root = root_of[sets.find(row)];
    if (root != 0 && resistive[row] > resistive[root]) root = row;
  }
  std::vector<bool> seen(forest.rows(), false);
  std::vector<std::uint32_t> members;
  for (std::uint32_t row = 0; row < root_of.size(); ++row) {
    if (sets.find(row) != row || at_row[row].empty()) continue;
    const auto first = static_cast<std::uint32_t>(branches_.size());
    members.assign(1, root_of[row]);
    seen[root_of[row]] = true;
    for (std::size_t next = 0; next < members.size(); ++next) {
      for (const std::uint32_t i : at_row[members[next]]) {
        const Capacitor& c = capacitors[i];
        const bool outwards = forest.row(c.plus) == members[next];  // plus is the parent
        const NodeId parent = outwards ? c.plus : c.minus, child = outwards ? c.minus : c.plus;
        if (seen[forest.row(child)]) continue;
        seen[forest.row(child)] = true;
        members.push_back(forest.row(child));
        branches_.push_back(
            {members[next], members.back(), c.group, c.instance, parent, child, outwards ? -1.0 : 1.0});
      }
    }
    trees_.push_back({first, static_cast<std::uint32_t>(branches_.size())});
    if (make_rows && row != 0 && members.size() <= largest_island &&
        std::ranges::none_of(members, [&](std::uint32_t member) { return is_taken[member]; }))
      rows_.push_back({members.front(), members, {}, {}, {}, 0});
  }
}

void Islands::add_entries(Pairs& pairs) const {
  if (rows_.empty()) return;
  std::map<std::uint32_t, std::uint32_t> root_of;
  for (const Row& row : rows_)
    for (const std::uint32_t member : row.members) root_of[member - 1] = row.root - 1;
  const std::size_t given = pairs.size();
  const auto add = [&](std::uint32_t member, std::uint32_t column) {
    const auto found = root_of.find(member);
    if (found != root_of.end() && found->second != column)
      pairs.emplace_back(std::min(found->second, column), std::max(found->second, column));
  };
  for (std::size_t k = 0; k < given; ++k) {
    const auto [a, b] = pairs[k];
    add(a, b);
    add(b, a);
  }
  for (const Row& row : rows_)
    for (const std::uint32_t member : row.members) add(member - 1, member - 1);
}

void Islands::attach(const NodeMatrix& matrix) {
  for (Row& row : rows_) {
    row.slots = matrix.slots_of_row(row.root - 1);
    row.entries.assign(row.slots.size(), 0.0);
    const std::vector<std::uint32_t> columns = matrix.columns_of_row(row.root - 1);
    for (const std::uint32_t member : row.members) {
      const std::vector<std::uint32_t> slots = matrix.slots_of_row(member - 1);
      const std::vector<std::uint32_t> own = matrix.columns_of_row(member - 1);
      for (std::size_t k = 0; k < slots.size(); ++k) {
        const auto place = std::ranges::lower_bound(columns, own[k]) - columns.begin();
        row.terms.emplace_back(slots[k], static_cast<std::uint32_t>(place));
      }
    }
  }
}

void Islands::sum_entries(std::span<const double> values) {
  for (Row& row : rows_) {
    std::ranges::fill(row.entries, 0.0);
    for (const auto& [slot, place] : row.terms) row.entries[place] += values[slot];
  }
}

void Islands::place_entries(std::span<double> values) const {
  for (const Row& row : rows_)
    for (std::size_t k = 0; k < row.slots.size(); ++k) values[row.slots[k]] = row.entries[k];
}

void Islands::sum_right_side(std::span<const double> right) {
  for (Row& row : rows_) {
    row.right = 0;
    for (const std::uint32_t member : row.members) row.right += right[member];
  }
}

void Islands::place_right_side(std::span<double> right) const {
  for (const Row& row : rows_) right[row.root] = row.right;
}

void Islands::place_rounding(const Circuit& circuit, const PotentialForest& forest,
                             BranchValues& values) const {
  constexpr double part = 0.5;  // of what may be left
  constexpr double most = 100;  // times that: rounding of what C/h multiplies
  const double tolerated = most * *std::ranges::max_element(values.tolerated);
  std::vector<double>& sums = values.sum_of_row;
  std::vector<double>& may_stay = values.tolerated_of_row;
  sums.assign(forest.rows(), 0.0);
  may_stay.assign(forest.rows(), 0.0);
  for (NodeId node = 0; node < circuit.node_names.size(); ++node) {
    const std::uint32_t row = forest.row(node);
    sums[row] += values.leaving[node];
    may_stay[row] = std::max(may_stay[row], part * values.tolerated[node]);
  }
  may_stay[0] = infinity;
  // From the child to the parent, or with the opposite sign the other way.
  const auto move = [&](const Branch& branch, double current) {
    values.current[branch.group][branch.instance] -= branch.sign * current;
    values.leaving[branch.child_node] -= current;
    values.leaving[branch.parent_node] += current;
    sums[branch.child] -= current;
    sums[branch.parent] += current;
  };
  for (const Tree& tree : trees_) {
    const std::span<const Branch> branches(branches_.data() + tree.begin, tree.end - tree.begin);
    for (std::size_t k = branches.size(); k-- > 0;) {
      const double left = sums[branches[k].child];
      if (std::abs(left) > may_stay[branches[k].child] && std::abs(left) <= tolerated)
        move(branches[k], left);
    }
    const std::uint32_t root = branches.front().parent;
    const double left = sums[root];
    if (!(std::abs(left) > may_stay[root] && std::abs(left) <= tolerated)) continue;
    std::uint32_t best = root;
    for (const Branch& branch : branches)
      if (may_stay[branch.child] > may_stay[best]) best = branch.child;
    for (std::size_t k = branches.size(); k-- > 0;) {  // outwards in the end, found from the outside
      if (branches[k].child != best) continue;
      move(branches[k], -left);
      best = branches[k].parent;
    }
  }
}

}  // namespace memspice
