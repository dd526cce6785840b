#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "network/folding.hpp"
#include "network/graph.hpp"

namespace memspice::network {

/// The 2-connected blocks of a graph: branches are in one block when a simple cycle contains both. A bridge
/// is a block of its own, and so is a self-loop. Time linear in the size of the graph.
struct Blocks {
  std::vector<std::uint32_t> block;  // of each branch, from 0
  std::size_t count = 0;
  std::vector<bool> bridge;  // whether the branch lies on no cycle; no current flows through it
  std::size_t bridges = 0;
  std::size_t components = 0;  // a node without branches is one
};
Blocks find_blocks(std::size_t node_count, std::span<const GraphBranch> branches);

/// A number, or why there is none.
template <class Value>
struct Finding {
  std::optional<Value> value;
  std::string reason;
};

/// Logarithm of the number of spanning trees, det(B Bᵗ); of several components, the sum of theirs. By a
/// sparse factorisation, unless its factors would be too large.
Finding<double> log_spanning_trees(std::size_t node_count, std::span<const GraphBranch> branches);

/// Γ: the share of the memristors' currents, or voltages, that can be given; the others follow from
/// Kirchhoff's laws, and with them that share of the states (while none is at a bound and α = 0).
///
/// It is the rank of ∂i/∂w (of ∂v/∂w) for generic resistances and sources, over the number of memristors:
/// - current: the nullity of the memristors' graph when resistors and voltage sources are contracted and
///   current sources deleted; L/M of a network of memristors alone;
/// - voltage: the rank of the memristors' graph when voltage sources are contracted, resistors and current
///   sources deleted; (N - 1)/M of a connected network of memristors alone. This counts bridges, as the paper
///   does; without current there is no voltage across them either, and the rank of ∂v/∂w is smaller by one
///   for each.
struct EffectiveMemory {
  double current = 0;
  double voltage = 0;
};
EffectiveMemory effective_memory(const FoldedNetwork& network);

/// What is known of the projector Ω̂ = Aᵗ (A D Aᵗ)⁻¹ A D on resistive branches without forming it.
struct ProjectorFacts {
  Finding<std::size_t> rank;  // the number of loops; none when A D Aᵗ is singular
  Finding<bool> symmetric;    // whether D is constant on every 2-connected block
};

/// D in ohm with its signs, one a branch of the graph. A D Aᵗ can be singular only where a block has both
/// signs; such blocks are factorised, sparsely, unless the factors would be too large.
ProjectorFacts projector_facts(std::size_t node_count, std::span<const GraphBranch> branches,
                               std::span<const double> resistance);

}  // namespace memspice::network
