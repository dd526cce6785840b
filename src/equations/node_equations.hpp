#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "equations/cut_rows.hpp"
#include "equations/held_potentials.hpp"
#include "equations/islands.hpp"
#include "equations/unknowns.hpp"
#include "solver/node_matrix.hpp"

namespace memspice {

/// On what the coefficients of linear equations depend, and whether they have been factorised.
struct LinearForm {
  double coefficient = 0;  // c, 1/s
  bool holds_states = false;
  std::uint64_t modes = 0;   // AllModes::changes()
  bool has_factors = false;  // of the equations alone, without held potentials
  bool operator==(const LinearForm&) const = default;
};

/// The linearised equations of what the node matrix keeps, potentials and auxiliary unknowns; the devices'
/// unknowns are condensed device by device.
///
/// Life cycle: made once everything is numbered; the matrix with the first linearisation, because a network
/// integrated by its flow may never need one. A linearisation is begin(), add_auxiliary() where there are
/// such rows, finish(); then solve() as often as wanted. It refers to the unknowns.
class NodeEquations {
 public:
  explicit NodeEquations(Unknowns& unknowns);

  /// Linearises the devices, with c times ∂F/∂ẏ. False when a device is singular by itself.
  bool begin(const EvaluationPoint& at, double c, const HeldPotentials& held);
  void add_auxiliary(const EvaluationPoint& at, const AuxiliaryPoint& rows_at);
  /// Factorises. False when the matrix is singular.
  bool finish(const HeldPotentials& held);
  /// Whether the last linearisation is that of linear equations at this point, too.
  [[nodiscard]] bool is_of(const EvaluationPoint& at, double c, const HeldPotentials& held) const;
  /// Solves in place, all unknowns included; `scale` corrects for a c that has changed (1: it has not).
  void solve(double* b, double scale);

  /// Until return_to_kept() other linearisations may take the place of the present one.
  void keep();
  void return_to_kept();
  /// c of the last linearisation, 1/s.
  [[nodiscard]] double coefficient() const { return form_.coefficient; }
  [[nodiscard]] MatrixStatistics statistics() const;
  /// Of the matrix; 0 as long as nothing was linearised.
  [[nodiscard]] std::size_t nonzeros() const { return matrix_ ? matrix_->nonzeros() : 0; }

  // Nodes that have other equations than their own.
  [[nodiscard]] CutRows& cut_rows() { return cut_rows_; }
  [[nodiscard]] const Islands& islands() const { return islands_; }

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
    LinearForm form = {};
    bool sums_islands = false;
  };
  using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  template <class Visit>
  void for_each_end(const TapRow& tap, Visit&& visit) const;
  /// Without ground.
  [[nodiscard]] Pairs pattern(const EntryLists& auxiliary) const;
  [[nodiscard]] bool is_symmetric() const;
  void make_matrix();
  /// Adds the devices' conductances: of those that capacitors and the like are, or of the others.
  void assemble(bool open_at_dc);
  void linearise_taps(const EvaluationPoint& at);

  Unknowns& unknowns_;
  CutRows cut_rows_;
  Islands islands_;
  std::unique_ptr<NodeMatrix> matrix_;
  struct {
    std::vector<std::vector<std::uint32_t>> devices;  // by group, as Population::assemble() takes them
    std::vector<std::uint32_t> diagonal;
    std::vector<std::uint32_t> auxiliary;  // one an entry of the auxiliary rows
  } slots_;                                // in the matrix
  std::vector<TapSlots> tap_slots_;
  std::vector<double> right_side_;
  LinearForm form_;            // as last linearised
  bool sums_islands_ = false;  // as last linearised
  Kept kept_;
};

}  // namespace memspice
