#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/LU>
#include <Eigen/SparseCholesky>
#include <cstdint>
#include <span>
#include <vector>

namespace memspice::network {

/// Where a branch enters the cycle matrix A: A(loop, branch) = sign.
struct LoopIncidence {
  std::uint32_t loop = 0;
  double sign = 1;
};

/// A R Aᵗ and its factors. Positive definite ones by Cholesky's method, with sparse or dense factors,
/// whichever the pattern makes cheaper; all others by dense LU factors.
class LoopMatrix {
 public:
  /// `columns[k]`: the loops of branch k, ascending; empty for branches without a resistance.
  LoopMatrix(std::size_t loops, const std::vector<std::vector<LoopIncidence>>& columns);
  LoopMatrix(const LoopMatrix&) = delete;  // Eigen's factors cannot be copied before their first use

  /// `resistance[k]` in ohm, of either sign. False when the matrix is singular to working accuracy.
  bool factor(std::span<const double> resistance);
  /// Sign of the determinant after factor().
  [[nodiscard]] int determinant_sign() const { return determinant_sign_; }
  /// Whether positive definite matrices get sparse factors.
  [[nodiscard]] bool sparse() const { return sparse_; }
  /// 1 where the loops hardly share resistances, and as much smaller as loop currents lose digits because
  /// those that they share are large: the smallest pivot of Cholesky's factors, relative to the loop's Σ|R|.
  /// 0 after an LU factorisation.
  [[nodiscard]] double separation() const { return positive_ ? smallest_pivot() : 0; }
  [[nodiscard]] Eigen::VectorXd solve(const Eigen::VectorXd& right) const;

 private:
  using Sparse = Eigen::SparseMatrix<double>;
  struct Branch {
    std::uint32_t number;
    std::vector<LoopIncidence> loops;
  };

  void analyse();
  void assemble_dense(std::span<const double> resistance);
  bool factor_cholesky(std::span<const double> resistance);
  bool factor_lu(std::span<const double> resistance);
  [[nodiscard]] double smallest_pivot() const;

  Eigen::Index order_ = 0;
  std::vector<Branch> branches_;  // those with a resistance and a loop
  bool sparse_ = false;
  std::vector<std::size_t> slots_;  // into the values of sparse_matrix_, in the order of assembly
  Sparse sparse_matrix_;            // lower triangle
  Eigen::MatrixXd dense_matrix_;
  Eigen::VectorXd loop_resistance_;  // Σ|R| around each loop
  bool positive_ = true;             // Cholesky's factors are the current ones, else the LU factors
  int determinant_sign_ = 1;
  Eigen::SimplicialLLT<Sparse, Eigen::Lower, Eigen::AMDOrdering<int>> sparse_cholesky_;
  Eigen::LLT<Eigen::MatrixXd> dense_cholesky_;
  Eigen::PartialPivLU<Eigen::MatrixXd> lu_;  // of the matrix scaled by loop_resistance_^-½ on both sides
};

}  // namespace memspice::network
