#include "network/incidence.hpp"

#include "base/disjoint_sets.hpp"

namespace memspice::network {

namespace {

using Entries = std::vector<Eigen::Triplet<double>>;

SparseMatrix assembled(std::size_t rows, std::size_t columns, const Entries& entries) {
  SparseMatrix matrix(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

}  // namespace

Incidence reduced_incidence(std::size_t node_count, std::span<const GraphBranch> branches) {
  DisjointSets components(node_count);
  for (const auto& branch : branches) components.join(branch.from, branch.to);
  Incidence incidence;
  std::vector<int> row(node_count, -1);
  for (std::uint32_t n = 0; n < node_count; ++n) {
    if (components.find(n) == n) continue;
    row[n] = static_cast<int>(incidence.nodes.size());
    incidence.nodes.push_back(n);
  }
  Entries entries;
  entries.reserve(2 * branches.size());
  for (std::size_t k = 0; k < branches.size(); ++k) {
    const auto [from, to] = branches[k];
    if (from == to) continue;
    if (row[to] >= 0) entries.emplace_back(row[to], static_cast<int>(k), 1.0);
    if (row[from] >= 0) entries.emplace_back(row[from], static_cast<int>(k), -1.0);
  }
  incidence.matrix = assembled(incidence.nodes.size(), branches.size(), entries);
  return incidence;
}

SparseMatrix cycle_matrix(const SpanningForest& forest) {
  Entries entries;
  for (std::size_t loop = 0; loop < forest.chords().size(); ++loop) {
    for (const auto& [branch, sign] : forest.cycle(forest.chords()[loop]))
      entries.emplace_back(static_cast<int>(loop), static_cast<int>(branch), sign);
  }
  return assembled(forest.chords().size(), forest.branch_count(), entries);
}

std::size_t cycle_entries(const SpanningForest& forest, std::size_t limit) {
  std::size_t entries = 0;
  for (const auto chord : forest.chords()) {
    if (entries > limit) break;
    entries += forest.cycle(chord).size();
  }
  return entries;
}

TreeResponse tree_response(const SpanningForest& forest) {
  TreeResponse response;
  response.chord = forest.chords();
  std::vector<int> row(forest.branch_count(), -1);
  for (std::uint32_t k = 0; k < row.size(); ++k) {
    if (!forest.in_tree(k)) continue;
    row[k] = static_cast<int>(response.tree.size());
    response.tree.push_back(k);
  }
  Entries entries;
  for (std::size_t column = 0; column < response.chord.size(); ++column) {
    for (const auto& [branch, sign] : forest.cycle(response.chord[column])) {
      if (row[branch] >= 0) entries.emplace_back(row[branch], static_cast<int>(column), sign);
    }
  }
  response.matrix = assembled(response.tree.size(), response.chord.size(), entries);
  return response;
}

}  // namespace memspice::network
