#pragma once

#include <Eigen/Core>

namespace memspice {

struct DenseEigenvalues {
  Eigen::VectorXcd values;
  Eigen::MatrixXcd vectors;  // by column, of length 1; empty when only the values were asked
};

/// Those of a real matrix.
[[nodiscard]] DenseEigenvalues dense_eigenvalues(const Eigen::MatrixXd& matrix, bool vectors);

/// The eigenvalues of a real matrix but those of its nilpotent part: zeros, of which rounding would make
/// numbers that are not small where they are defective. Singular values below `tolerance` times the matrix
/// count as 0, so that rows and columns must be scaled alike (balance()).
[[nodiscard]] Eigen::VectorXcd nonzero_eigenvalues(const Eigen::MatrixXd& matrix, double tolerance);

/// Powers of two d for which rows and columns of m_ij d_j / d_i have about the same norms (Parlett and
/// Reinsch, Numerische Mathematik 13, 1969, without permutations).
[[nodiscard]] Eigen::VectorXd balance(const Eigen::MatrixXd& matrix);

/// The x of A v = x B v, rising, for A symmetric and B symmetric and positive definite: they are real.
[[nodiscard]] Eigen::VectorXd definite_eigenvalues(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

}  // namespace memspice
