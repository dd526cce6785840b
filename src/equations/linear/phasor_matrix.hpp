#pragma once

#include <optional>
#include <span>
#include <vector>

#include "equations/linear/linearisation.hpp"
#include "solver/sparse_lu.hpp"

namespace memspice {

/// The matrix G + s C + Σ D exp(-s τ) of a linearised circuit at s = jω, one frequency after the other. The
/// unknowns inside of devices are eliminated device by device, as in the time domain: capacitors, junctions
/// and memristors leave a matrix of potentials. Inductors stay: their admittance has no bound at low
/// frequencies.
class PhasorMatrix {
 public:
  /// `linear` must outlive the next set().
  explicit PhasorMatrix(const Linearisation& linear) { build(linear, true); }
  /// Takes another linearisation of the same system.
  void set(const Linearisation& linear);

  /// False when the matrix is singular.
  bool factorise(double omega);
  /// Solve A x = b and Aᵀ x = b in place, all unknowns included. False as SparseLu::solve().
  bool solve(std::span<Complex> b);
  bool solve_transposed(std::span<Complex> b);

  [[nodiscard]] const SparseLu<Complex>& factors() const { return *matrix_; }

 private:
  /// Place of a block's local matrices in locals_: d⁻¹ and d⁻¹ e, where d x + e v are its internal equations.
  struct Local {
    std::size_t inverse = 0;
    std::size_t response = 0;
    std::size_t slots = 0;  // in block_slots_
    bool fixed = false;     // d has no derivatives: the block is part of g_ and c_
  };
  void build(const Linearisation& linear, bool condense);
  bool eliminate(std::size_t block);
  bool assemble(double omega);
  [[nodiscard]] Complex flow(const Linearisation::Block& block, std::size_t branch,
                             std::size_t unknown) const;
  template <class Add>
  void add_block(std::size_t block, Add&& add) const;

  const Linearisation* linear_ = nullptr;
  double omega_ = 0;
  bool condense_ = true;
  std::vector<std::uint32_t> place_;  // by unknown: row of the matrix
  std::vector<std::uint32_t> kept_;   // by row: unknown
  std::optional<SparseLu<Complex>> matrix_;
  // By slot: what does not depend on the frequency, and what is proportional to it.
  std::vector<double> g_, c_;
  std::vector<std::uint32_t> block_slots_;
  std::vector<Local> blocks_;
  std::vector<Complex> locals_;
  std::vector<Complex> condensed_, internal_, d_;  // scratch
};

}  // namespace memspice
