#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice {

/// One element that fixes the difference of two potentials: a voltage source, a resistor of 0 ohm, at the
/// operating point an inductor or an initial condition. Where loops are looked for (loops.hpp), controlled
/// voltage sources and lines at rest too.
struct Tie {
  enum class Kind { voltage_source, short_circuit, initial_condition, behavioural_source, line };
  Kind kind = Kind::voltage_source;
  std::uint32_t index = 0;  // within its list, or instance within its group
  std::uint32_t group = 0;  // of a short circuit
  NodeId plus = ground;
  NodeId minus = ground;
};

/// Nodes joined by ties share one unknown potential: that of the root of their tree, from which the others
/// differ by known EMFs. This removes every independent voltage source, its node and its current from the
/// system, wherever it stands ("branch folding" is the special case of a source in series with one device),
/// and leaves a node matrix that is a weighted Laplacian. The currents of the ties follow from Kirchhoff's
/// current law.
class PotentialForest {
 public:
  /// A tie that closes a loop of others carries no current: loops.hpp refuses those in which that is wrong.
  PotentialForest(const Circuit& circuit, std::vector<Tie> ties);

  [[nodiscard]] const std::vector<Tie>& ties() const { return ties_; }
  /// Number of distinct potentials, ground's (row 0) included.
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// Row of a node's tree.
  [[nodiscard]] std::uint32_t row(NodeId node) const { return row_[node]; }

  /// Calls visit(parent, child, tie, sign) from the roots outwards: the child's potential is the parent's
  /// plus sign times the tie's EMF.
  template <class Visit>
  void for_each_branch(Visit&& visit) const {
    for (const Branch& branch : branches_) visit(branch.parent, branch.child, branch.tie, branch.sign);
  }
  /// Which nodes can differ from their root.
  [[nodiscard]] std::vector<std::uint8_t> nodes_with_offset() const;
  /// Offset of every node from its root, V, given each tie's EMF (plus above minus).
  void offsets(std::span<const double> emf, std::span<double> offset) const;
  /// Current of each tie from plus through the element to minus, A. `leaving` is the current leaving each
  /// node through everything else; it is overwritten.
  void currents(std::span<double> leaving, std::span<double> current) const;
  /// Whether ties join nodes none of which is ground.
  [[nodiscard]] bool floats() const { return floats_; }
  /// currents() leaves the rounding of a tree's sum at its root. Moves it to the node where it is least
  /// beside the currents there: `largest`, A by node, one `heaviest` a row as work.
  void place_rounding(std::span<const double> leaving, std::span<const double> tolerated,
                      std::vector<NodeId>& most_tolerant, std::span<double> current) const;

 private:
  struct Branch {  // from the root outwards
    NodeId parent;
    NodeId child;
    std::uint32_t tie;
    double sign;  // +1: the child is the tie's plus node
  };

  std::vector<Tie> ties_;
  std::vector<std::uint32_t> row_;
  std::size_t rows_ = 0;
  std::vector<Branch> branches_;          // breadth first from every root
  std::vector<std::uint32_t> branch_to_;  // by node: its own in branches_; 0xffffffff at roots
  bool floats_ = false;
};

}  // namespace memspice
