#pragma once

#include <Eigen/Sparse>
#include <cstdint>
#include <span>
#include <vector>

#include "network/graph.hpp"

namespace memspice::network {

using SparseMatrix = Eigen::SparseMatrix<double>;

/// The paper's B: B(node, branch) = +1 where the branch enters the node, -1 where it leaves; a self-loop has
/// no entry. One node of each component has no row, the one with the smallest number (ground, where it
/// exists).
struct Incidence {
  SparseMatrix matrix;               // (nodes - components) × branches
  std::vector<std::uint32_t> nodes;  // of each row, ascending
};
Incidence reduced_incidence(std::size_t node_count, std::span<const GraphBranch> branches);

/// The paper's A, L × M: one row for each chord of the forest, in the order of chords(), with the signs of
/// the fundamental cycle it closes, oriented along it. A Bᵗ = 0. Its entries can be many more than the
/// branches.
SparseMatrix cycle_matrix(const SpanningForest& forest);

/// Number of entries of cycle_matrix(forest); counting ends when `limit` is passed.
std::size_t cycle_entries(const SpanningForest& forest, std::size_t limit);

/// The paper's Q_T = -B_T⁻¹ B_T̄: what the chords' currents make of the tree's, i_T = Q_T i_T̄. It is A_Tᵗ.
struct TreeResponse {
  SparseMatrix matrix;               // tree branches × chords
  std::vector<std::uint32_t> tree;   // branch of each row, ascending
  std::vector<std::uint32_t> chord;  // branch of each column, ascending
};
TreeResponse tree_response(const SpanningForest& forest);

}  // namespace memspice::network
