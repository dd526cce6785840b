#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "equations/auxiliary_rows.hpp"
#include "equations/potential_forest.hpp"
#include "solver/node_matrix.hpp"

namespace memspice {

/// Behind a cut set of inductors and current sources one node's equation is that of the whole group of nodes:
/// the currents of the cut set add up to zero. Written as the sum of the nodes' equations it would drown in
/// what flows between them (C/h beside h/L).
class CutRows {
 public:
  CutRows(const Circuit& circuit, const AuxiliaryRows& auxiliary, const PotentialForest& forest);

  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// Entries that the node matrix must have: calls join(row, column).
  template <class Join>
  void for_each_entry(Join&& join) const {
    for (const Row& row : rows_)
      for (const Term& term : row.inductors) join(row.row, term.index);
  }
  /// Once the matrix has its pattern.
  void attach(const NodeMatrix& matrix);

  void residual(const double* y, std::span<const double> source_current, double* r) const;
  void entries(std::span<double> values) const;
  /// Puts the rows back to what they are in `before`: the devices have no part in them.
  void restore(const double* before, double* changed) const {
    for (const Row& row : rows_) changed[row.row] = before[row.row];
  }

 private:
  struct Term {
    std::uint32_t index = 0;  // in y; current source
    double sign = 1;          // positive: leaves the group
  };
  struct Row {
    std::uint32_t row = 0;
    std::vector<Term> inductors, sources;
    std::vector<std::uint32_t> all_slots;  // of the row
    std::vector<std::uint32_t> slots;      // by inductor
  };
  std::vector<Row> rows_;
};

}  // namespace memspice
