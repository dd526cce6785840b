#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace memspice {

/// Factors P A Pᵗ = L D Lᵗ of a sparse symmetric matrix A, for a pattern that is fixed and hardly fills in:
/// ladders, trees, chains. What such a solution waits for is not memory but the row before; here neighbours
/// in the order do not need each other, and nothing is divided.
///
/// Life cycle: construct; use it only if is_thin(); factorise() whenever the values have changed; solve() as
/// often as wanted.
class ThinFactor {
 public:
  /// Arguments as those of Cholesky; `values` is looked at by factorise().
  ThinFactor(std::span<const std::int32_t> columns, std::span<const std::int32_t> rows,
             std::span<const double> values);

  /// Whether L has few entries. Not asked long where A itself has too many.
  [[nodiscard]] bool is_thin() const { return thin_; }
  /// Entries of L, its diagonal included, and the multiplications that they take, as Cholesky::Size.
  [[nodiscard]] double entries() const { return static_cast<double>(rows_of_l_.size() + diagonal_.size()); }
  [[nodiscard]] double flops() const;

  /// Factorises the values. False when they are not positive definite.
  bool factorise();
  /// Logarithm of the determinant.
  [[nodiscard]] double log_determinant() const;
  /// Solves in place.
  void solve(double* b);

 private:
  /// An entry of the lower triangle of P A Pᵗ.
  struct Entry {
    std::int32_t column = 0;
    std::int32_t from = 0;  // in the values of A
  };
  using Rows = std::vector<std::vector<Entry>>;
  /// The rows of the lower triangle, without the diagonal, when row i is A's row order[i].
  [[nodiscard]] Rows permuted(std::span<const std::int32_t> order) const;
  void find_pattern();

  std::span<const std::int32_t> columns_of_a_, rows_of_a_;
  std::span<const double> values_;
  bool thin_ = false;
  std::vector<std::int32_t> order_;  // row i is A's row order_[i]

  // P A Pᵗ by rows.
  std::vector<std::int32_t> begin_of_row_;  // size + 1
  std::vector<Entry> entries_;
  std::vector<std::int32_t> diagonal_of_a_;  // in the values of A
  // L without its diagonal of ones, by columns; and by rows which columns have an entry.
  std::vector<std::int32_t> begin_;      // size + 1
  std::vector<std::int32_t> rows_of_l_;  // ascending in each column
  std::vector<double> l_;
  std::vector<std::int32_t> begin_of_pattern_;  // size + 1
  std::vector<std::int32_t> pattern_;           // ascending in each row
  std::vector<double> diagonal_;                // D
  std::vector<double> inverse_;                 // 1 / D
  std::vector<std::int32_t> filled_;            // work
  std::vector<double> work_;
};

}  // namespace memspice
