#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "equations/cut_rows.hpp"
#include "equations/held_potentials.hpp"
#include "equations/islands.hpp"
#include "equations/rows/auxiliary_rows.hpp"
#include "solver/node_matrix.hpp"

namespace memspice {

struct EquationGroup;

/// The linearised equations of what the node matrix keeps, potentials and auxiliary unknowns; the devices'
/// unknowns are condensed device by device.
///
/// Life cycle: made once everything is numbered. A linearisation is begin(), add_auxiliary() where there are
/// such rows, finish(); then solve() as often as wanted. It refers to all that it is made of.
class NodeEquations {
 public:
  /// Rows of the matrix: `potentials`, ground's first, then the auxiliary ones. `origin`: any point of the
  /// system, at which the pattern of the auxiliary entries is found.
  NodeEquations(std::vector<EquationGroup>& groups, AuxiliaryRows& auxiliary, CutRows& cut_rows,
                Islands& islands, std::size_t potentials, const AuxiliaryPoint& origin);

  /// Linearises the devices, with c times ∂F/∂ẏ. False when a device is singular by itself.
  bool begin(const EvaluationPoint& at, double c, const HeldPotentials& held);
  void add_auxiliary(const EvaluationPoint& at, const AuxiliaryPoint& rows_at);
  /// Factorises. False when the matrix is singular.
  bool finish(const HeldPotentials& held);
  /// Solves in place, all unknowns included; `scale` corrects for a c that has changed (1: it has not).
  void solve(double* b, double scale);

  /// Until return_to_kept() other linearisations may take the place of the present one.
  void keep();
  void return_to_kept();
  /// c of the last linearisation, 1/s.
  [[nodiscard]] double coefficient() const { return coefficient_; }
  [[nodiscard]] MatrixStatistics statistics() const;
  [[nodiscard]] std::size_t nonzeros() const { return matrix_->nonzeros(); }

 private:
  struct TapSlots {
    std::vector<std::uint32_t> slots;  // of (row, plus) and (row, minus), by branch
    std::vector<double> by_unknown;    // as last linearised
  };
  /// Another linearisation and what belongs to it.
  struct Kept {
    bool wanted = false;  // the next begin() keeps the present one
    bool here = false;
    std::unique_ptr<NodeMatrix> matrix;     // while `here` that of the kept linearisation
    std::vector<std::vector<double>> taps;  // TapSlots::by_unknown
    double coefficient = 0;
    bool sums_islands = false;
  };
  using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  template <class Visit>
  void for_each_end(const TapRow& tap, Visit&& visit) const;
  [[nodiscard]] std::size_t rows() const { return potentials_ + auxiliary_.count(); }
  /// Without ground.
  [[nodiscard]] Pairs pattern(const EntryLists& auxiliary) const;
  [[nodiscard]] bool is_symmetric() const;
  void find_slots(const EntryLists& auxiliary);
  void linearise_taps(const EvaluationPoint& at);

  std::vector<EquationGroup>& groups_;
  AuxiliaryRows& auxiliary_;
  CutRows& cut_rows_;
  Islands& islands_;
  std::size_t potentials_;
  std::unique_ptr<NodeMatrix> matrix_;
  std::vector<std::uint32_t> diagonal_slots_;
  std::vector<std::uint32_t> auxiliary_slots_;  // one an entry of the auxiliary rows
  std::vector<TapSlots> tap_slots_;
  std::vector<double> right_side_;
  double coefficient_ = 0;
  bool sums_islands_ = false;  // as last linearised
  Kept kept_;
};

}  // namespace memspice
