#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "network/graph.hpp"
#include "network/loop_matrix.hpp"

namespace memspice::network {

/// What determines a branch's current; also the rank by which branches enter the spanning forest.
enum class BranchKind : std::uint8_t {
  shorted,    // R = 0, no EMF
  source,     // R = 0 with an EMF: a bare voltage source
  resistive,  // R ≠ 0 of either sign, EMF or none
  driven,     // the current is given: a current source
};

/// The network has no unique solution whatever the resistances are.
class TopologyError : public std::runtime_error {
 public:
  enum class Kind { source_loop, driven_cut };
  TopologyError(Kind kind, std::vector<std::uint32_t> branches);
  Kind kind;
  std::vector<std::uint32_t> branches;  // of the loop of voltage sources, or of the cut of current sources
};

/// Kirchhoff's equations in loop currents:
///
///     (A R Aᵗ) j = A S,   i = Aᵗ j          Caravelli (2017), Eq 3, sign corrected
///
/// R_k in ohm with its sign (P already applied), S_k in volt, positive when it drives current along the
/// branch. A current source is always a chord and fixes its loop's current, which moves to the right-hand
/// side.
///
/// Life cycle: construct; factor(R); solve() as often as wanted.
class LoopEquations {
 public:
  /// Short loops, which make the equations sparse. Throws TopologyError.
  LoopEquations(std::size_t node_count, std::span<const GraphBranch> branches,
                std::span<const BranchKind> kinds);
  /// Loops for such resistances: each closed by its largest one, over a tree of the smallest ones. However
  /// far the resistances lie apart, no digits are lost; but the loops are long.
  LoopEquations(std::size_t node_count, std::span<const GraphBranch> branches,
                std::span<const BranchKind> kinds, std::span<const double> resistance);

  [[nodiscard]] std::size_t branch_count() const { return kinds_.size(); }
  /// Loops with an unknown current: the order of the system.
  [[nodiscard]] std::size_t loop_count() const { return loops_; }
  /// A over the loops with an unknown current, dense; for tests and small networks.
  [[nodiscard]] Eigen::MatrixXd cycle_matrix() const;

  /// Assembles and factorises A R Aᵗ. False when it is singular to working accuracy, which a mixture of
  /// positive and negative resistances can be.
  bool factor(std::span<const double> resistance);
  /// Sign of det(A R Aᵗ) after factor(): it changes where the network stops having a solution.
  [[nodiscard]] int determinant_sign() const { return matrix_.determinant_sign(); }
  /// LoopMatrix::separation() after factor().
  [[nodiscard]] double separation() const { return matrix_.separation(); }

  /// Branch currents (A). `emf[k]` is read for resistive branches and sources, `driven[k]` for driven ones;
  /// all spans have one entry a branch.
  void solve(std::span<const double> emf, std::span<const double> driven, std::span<double> current) const;

 private:
  struct Columns {  // of A by branch, compressed
    std::vector<std::size_t> begin;
    std::vector<LoopIncidence> incidence;
    [[nodiscard]] std::span<const LoopIncidence> of(std::size_t branch) const {
      return std::span(incidence).subspan(begin[branch], begin[branch + 1] - begin[branch]);
    }
  };
  LoopMatrix build(std::size_t node_count, std::span<const GraphBranch> branches,
                   std::span<const double> resistance);
  [[nodiscard]] std::vector<std::uint8_t> ranks(std::span<const double> resistance) const;

  std::vector<BranchKind> kinds_;
  std::size_t loops_ = 0;
  Columns unknown_;  // over the loops with an unknown current
  Columns driven_;   // over the current sources' loops; `loop` is the source's branch
  std::vector<double> resistance_;
  LoopMatrix matrix_;
};

}  // namespace memspice::network
