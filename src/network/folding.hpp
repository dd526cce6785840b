#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "network/branch_network.hpp"

namespace memspice::network {

/// The paper's network: a memristor in series with an EMF is one branch.
///
/// Voltage sources in series with a memristor through nodes of degree two become its branch's EMF; between
/// two memristors the one that stands first in the circuit takes them. Resistors take sources in the same
/// way, after memristors. Resistors of 0 ohm join their nodes. All other sources stay branches of their own.
/// Ground is a node like any other: it goes too when it only joins a memristor and a source.
///
/// Branches are in the order memristors, resistors, voltage sources, current sources; branch k is memristor k
/// of the BranchNetwork while k < memristor_count. All branches keep
/// their element's orientation n+ → n-.
struct FoldedNetwork {
  struct Emf {
    std::uint32_t source = 0;  // in BranchNetwork::sources
    std::int32_t sign = 1;     // +1: a positive voltage drives current along the branch
  };
  std::vector<NodeId> nodes;  // the circuit's number of each node, ascending
  std::vector<GraphBranch> branches;
  std::vector<BranchKind> kinds;        // resistive, source or driven
  std::vector<std::uint32_t> elements;  // the branch of the BranchNetwork
  std::size_t memristor_count = 0;
  std::size_t resistive_count = 0;     // memristors and resistors
  std::vector<std::size_t> emf_begin;  // by branch, and the end
  std::vector<Emf> emfs;               // compressed

  [[nodiscard]] std::size_t node_count() const { return nodes.size(); }
  [[nodiscard]] std::size_t branch_count() const { return branches.size(); }
  /// The voltages that add up to the branch's EMF S. Of a bare voltage source: itself, with sign -1. Of a
  /// current source: itself, with sign +1; its value is a current.
  [[nodiscard]] std::span<const Emf> emf(std::size_t branch) const {
    return std::span(emfs).subspan(emf_begin[branch], emf_begin[branch + 1] - emf_begin[branch]);
  }
};

FoldedNetwork fold(const BranchNetwork& network);

/// Some branches of a graph after contraction of others.
struct Minor {
  std::size_t node_count = 0;
  std::vector<GraphBranch> branches;
  std::vector<std::uint32_t> node;  // of each node before
};

/// The kept branches, in their order, after contraction of the branches numbered in `contracted`; all others
/// are deleted. Nodes stay, with or without branches.
Minor minor(std::size_t node_count, std::span<const GraphBranch> branches,
            std::span<const std::uint32_t> contracted, std::span<const GraphBranch> kept);

/// The graph of the resistive branches, numbered as they are in the folded network: voltage sources are
/// contracted, current sources deleted. The projectors of the theory live on it.
Minor resistive_graph(const FoldedNetwork& network);

/// The EMFs (V) of the branches of resistive_graph(): those of the branch, and where voltage sources join its
/// ends to other nodes the potentials that these sources make. `source_values`: one a source of the
/// BranchNetwork, V or A; current sources play no part.
std::vector<double> resistive_emfs(const FoldedNetwork& network, std::span<const double> source_values);

/// A tree of each component: of voltage sources wherever they can be in it, and of current sources only where
/// they must. Theirs is the column `tree` of `.network file=`.
SpanningForest spanning_forest(const FoldedNetwork& network);

}  // namespace memspice::network
