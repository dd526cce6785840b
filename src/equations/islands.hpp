#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "equations/topology/potential_forest.hpp"
#include "solver/node_matrix.hpp"

namespace memspice {

struct BranchValues;

/// Nodes that capacitors join.
///
/// Without ground among them they are an island: in a short step of length h their potentials go up and down
/// together, and what C/h is added to leaves nothing of the conductances that alone say how far. One node's
/// equation is replaced by the sum of the island's, in which the capacitors' currents cancel.
///
/// What rounding leaves of a node's currents is moved to a capacitor there, where it is more than they
/// explain.
class Islands {
 public:
  /// `taken`: rows whose equations are replaced already. `make_rows`: equations are replaced at all.
  Islands(const Circuit& circuit, const PotentialForest& forest, std::span<const std::uint32_t> taken,
          bool make_rows);

  /// Whether equations are replaced.
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  /// Adds the entries that the node matrix must have to those it has already; ground is left out of the
  /// numbers.
  void add_entries(Pairs& pairs) const;
  /// Once the matrix has its pattern.
  void attach(const NodeMatrix& matrix);

  /// Takes the sums of entries, while the capacitors have none there,
  void sum_entries(std::span<const double> values);
  /// and puts them into their rows when all the others are complete.
  void place_entries(std::span<double> values) const;
  /// The same for right sides.
  void sum_right_side(std::span<const double> right);
  void place_right_side(std::span<double> right) const;

  [[nodiscard]] bool has_capacitors() const { return !branches_.empty(); }
  /// Moves what is left of the nodes' sums in `values.leaving` to the currents of capacitors, as long as it
  /// is rounding.
  void place_rounding(const Circuit& circuit, const PotentialForest& forest, BranchValues& values) const;

 private:
  struct Row {
    std::uint32_t root = 0;
    std::vector<std::uint32_t> members;  // root among them
    std::vector<std::uint32_t> slots;    // of the root's row
    // Entries of the members' rows, and to which of the root's they are added.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> terms;
    std::vector<double> entries;  // by slot
    double right = 0;
  };
  struct Branch {                         // of a spanning tree, from its root outwards
    std::uint32_t parent = 0, child = 0;  // rows
    std::uint32_t group = 0, instance = 0;
    NodeId parent_node = ground, child_node = ground;
    double sign = 1;  // +1: the child is the capacitor's plus node
  };
  struct Tree {
    std::uint32_t begin = 0, end = 0;  // in branches_
  };
  std::vector<Row> rows_;
  std::vector<Branch> branches_;  // tree by tree, breadth first from every root
  std::vector<Tree> trees_;
};

}  // namespace memspice
