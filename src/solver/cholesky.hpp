#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace memspice {

/// Cholesky's factors P A Pᵗ = L Lᵗ of a sparse symmetric matrix A, for a pattern that is fixed. Small ones
/// are found column by column, large ones by CHOLMOD, which is loaded then.
///
/// Life cycle: construct; factorise() whenever the values have changed; solve() as often as wanted.
class Cholesky {
 public:
  /// The n columns of A: their rows (ascending), both triangles stored; `columns` has n + 1 numbers, n ≥ 1.
  /// All three are looked at whenever the matrix is, and stay where they are.
  Cholesky(std::span<const std::int32_t> columns, std::span<const std::int32_t> rows,
           std::span<const double> values);
  ~Cholesky();
  Cholesky(const Cholesky&) = delete;
  Cholesky& operator=(const Cholesky&) = delete;

  /// What the factors take, as the ordering predicts: entries (8 bytes each) and multiplications. Factors too
  /// large for CHOLMOD's integers have a prediction too; factorise() then throws std::bad_alloc.
  struct Size {
    double entries = 0;
    double flops = 0;
  };
  Size size();
  /// Factorises the values. False when they are not positive definite.
  bool factorise();
  /// Sum of the logarithms of the diagonal of L: half that of the determinant.
  [[nodiscard]] double log_diagonal() const;
  /// Solves in place.
  void solve(double* b);

 private:
  struct Matrix;
  class Simplicial;
  class Large;
  /// Orders the matrix, once.
  void analyse();

  std::unique_ptr<const Matrix> matrix_;
  std::unique_ptr<Simplicial> simplicial_;  // of the two one, from analyse() on
  std::unique_ptr<Large> large_;
};

}  // namespace memspice
