#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "equations/rows/auxiliary_rows.hpp"
#include "equations/topology/potential_forest.hpp"
#include "solver/node_matrix.hpp"

namespace memspice {

/// Behind a cut set of inductors and current sources one node's equation is that of the whole group of nodes:
/// the currents of the cut set add up to zero. Written as the sum of the nodes' equations it would drown in
/// what flows between them (C/h beside h/L).
class CutRows {
 public:
  CutRows(const Circuit& circuit, const AuxiliaryRows& auxiliary, const PotentialForest& forest);

  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// Rows whose equations are replaced.
  [[nodiscard]] std::vector<std::uint32_t> replaced() const;
  /// Entries that the node matrix must have: calls join(row, column).
  template <class Join>
  void for_each_entry(Join&& join) const {
    for (const Row& row : rows_)
      for (const Term& term : row.inductors) join(row.row, term.index);
  }
  /// Once the matrix has its pattern.
  void attach(const NodeMatrix& matrix);

  void residual(const double* y, std::span<const double> source_current, double* r);
  /// Takes for 0 what is rounding of the currents in the last residual.
  void leave_out_rounding(double* r) const {
    for (const Row& row : rows_)
      if (std::abs(r[row.row]) <= row.rounding) r[row.row] = 0;
  }
  /// Calls visit(row, sum, largest) for the nodes' own equations as the last residual found them, and the
  /// largest current of the cut set, A.
  template <class Visit>
  void for_each_own(Visit&& visit) const {
    for (const Row& row : rows_) visit(row.row, row.own, row.largest);
  }
  /// Moves what the last residual has left of the nodes' own sums to the currents of inductors there: it is
  /// the rounding of larger currents at the other nodes.
  void balance(double* y) const;
  void entries(std::span<double> values) const;
  /// Puts the rows back to what they are in `before`: the devices have no part in them.
  void restore(const double* before, double* changed) const {
    for (const Row& row : rows_) changed[row.row] = before[row.row];
  }

 private:
  struct Term {
    std::uint32_t index = 0;  // in y; current source
    double sign = 1;          // positive: leaves the group
    std::uint32_t row = 0;    // of its end in the group
  };
  struct Row {
    std::uint32_t row = 0;
    double own = 0;       // A: the sum of the node's currents
    double largest = 0;   // A: current of the cut set
    double rounding = 0;  // A: what no inductor of the cut set can carry
    std::vector<Term> inductors, sources;
    std::vector<std::uint32_t> all_slots;  // of the row
    std::vector<std::uint32_t> slots;      // by inductor
  };
  std::vector<Row> rows_;
};

/// How many branches of resistive devices end at each row.
std::vector<std::uint32_t> resistive_ends(const Circuit& circuit, const PotentialForest& forest);

}  // namespace memspice
