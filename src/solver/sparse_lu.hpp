#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace memspice {

/// A sparse matrix of any pattern and its LU factors by KLU: one symbolic analysis, pivots kept from
/// factorisation to factorisation. Every solution is put into the equations; where they do not come out it is
/// refined once, then the pivots are chosen anew, then with scaled rows. `Number` is double or
/// std::complex<double>.
template <class Number>
class SparseLu {
 public:
  using Position = std::pair<std::uint32_t, std::uint32_t>;  // row, column

  /// Positions may repeat: their values add up in one slot.
  SparseLu(std::size_t size, std::span<const Position> positions);
  ~SparseLu();
  SparseLu(const SparseLu&) = delete;
  SparseLu& operator=(const SparseLu&) = delete;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t nonzeros() const { return rows_.size(); }
  /// Index into values() of every position given.
  [[nodiscard]] std::span<const std::uint32_t> slots() const { return slots_; }
  [[nodiscard]] std::span<Number> values() { return values_; }

  /// Factorises the values. False when they are singular: a pivot vanishes or is not a number.
  bool factorise();
  /// Solve A x = b and Aᵀ x = b (nothing is conjugated) in place, with the last factorisation. False when no
  /// pivots fit: the matrix is singular to working precision.
  bool solve(std::span<Number> b) { return solve(b, false); }
  bool solve_transposed(std::span<Number> b) { return solve(b, true); }

  [[nodiscard]] std::size_t factorisations() const { return factorisations_; }
  /// Factorisations that chose their pivots anew.
  [[nodiscard]] std::size_t pivotings() const { return pivotings_; }
  [[nodiscard]] std::size_t solves() const { return solves_; }

 private:
  struct Klu;

  bool solve(std::span<Number> b, bool transposed);
  /// Leaves right_ - A x in residual_. Returns its largest entry in parts of the magnitudes it is a sum of.
  double backward_error(std::span<const Number> x, bool transposed);

  std::size_t size_;
  std::vector<std::int32_t> columns_;  // size + 1
  std::vector<std::int32_t> rows_;
  std::vector<std::uint32_t> slots_;
  std::vector<Number> values_;
  std::vector<Number> right_, residual_;  // scratch
  std::vector<double> terms_;
  std::unique_ptr<Klu> klu_;
  std::size_t factorisations_ = 0;
  std::size_t pivotings_ = 0;
  std::size_t solves_ = 0;
};

extern template class SparseLu<double>;
extern template class SparseLu<std::complex<double>>;

}  // namespace memspice
