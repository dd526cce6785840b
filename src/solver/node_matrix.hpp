#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "solver/cholesky.hpp"

namespace memspice {

/// What the linear algebra did, for reports.
struct MatrixStatistics {
  std::size_t factorisations = 0;
  std::size_t pivotings = 0;  // KLU factorisations that chose their pivots anew
  std::size_t solves = 0;
  bool cholesky = false;            // what the last factorisation used
  std::size_t factor_nonzeros = 0;  // of its L, or of its L and U
};

/// The sparse matrix of the node equations: a pattern fixed at construction (structurally symmetric, both
/// triangles stored by columns) and values that change with every linearisation. Symmetric values have
/// Cholesky's factors, or those of ThinFactor, as long as they are positive definite, everything else is
/// factorised by KLU with AMD ordering and a watch on pivot growth. Row numbers start at 0 and leave ground
/// out.
class NodeMatrix {
 public:
  /// `edges` are the pairs (row, column), row ≠ column, that may become non-zero; order and repetition do not
  /// matter, the mirror images and the diagonal are added. `symmetric` promises symmetric values.
  NodeMatrix(std::size_t size, std::vector<std::pair<std::uint32_t, std::uint32_t>> edges, bool symmetric);
  /// Another matrix of the pattern, with values and a factorisation of its own.
  [[nodiscard]] std::unique_ptr<NodeMatrix> twin() const;
  ~NodeMatrix();
  NodeMatrix(const NodeMatrix&) = delete;
  NodeMatrix& operator=(const NodeMatrix&) = delete;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t nonzeros() const { return rows_.size(); }
  /// Index into values() of an entry of the pattern.
  [[nodiscard]] std::uint32_t slot(std::uint32_t row, std::uint32_t column) const;
  /// Those of all entries of a row, and the entries' columns.
  [[nodiscard]] std::vector<std::uint32_t> slots_of_row(std::uint32_t row) const;
  [[nodiscard]] std::vector<std::uint32_t> columns_of_row(std::uint32_t row) const;
  /// One value more than nonzeros(): the last one is scratch, for contributions to ground.
  [[nodiscard]] std::span<double> values() { return values_; }

  /// Factorises the values. False when they are singular to working precision.
  bool factorise();
  /// Solves in place, with the last successful factorisation.
  void solve(double* b);
  [[nodiscard]] const MatrixStatistics& statistics() const { return statistics_; }

  /// What the factors of symmetric values take: see there. Found now or by the first factorisation.
  [[nodiscard]] Cholesky::Size factor_size() const;
  /// Logarithm of the determinant, after a factorisation of positive definite values.
  [[nodiscard]] double log_determinant() const;

 private:
  struct Lu;
  struct SymmetricFactor;
  NodeMatrix(std::vector<std::int32_t> columns, std::vector<std::int32_t> rows, bool symmetric);

  std::size_t size_;
  std::vector<std::int32_t> columns_;  // size + 1
  std::vector<std::int32_t> rows_;
  std::vector<double> values_;
  std::unique_ptr<SymmetricFactor> symmetric_;  // empty once the values stayed indefinite
  std::unique_ptr<Lu> lu_;
  int indefinite_ = 0;  // factorisations in a row that were not positive definite
  MatrixStatistics statistics_;
};

}  // namespace memspice
