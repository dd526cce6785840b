#pragma once

#include <Eigen/Core>

namespace memspice {

struct DenseEigenvalues {
  Eigen::VectorXcd values;
  Eigen::MatrixXcd vectors;  // by column, of length 1; empty when only the values were asked
};

/// Those of a real matrix.
[[nodiscard]] DenseEigenvalues dense_eigenvalues(const Eigen::MatrixXd& matrix, bool vectors);

/// The x of A v = x B v, rising, for A symmetric and B symmetric and positive definite: they are real.
[[nodiscard]] Eigen::VectorXd definite_eigenvalues(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

}  // namespace memspice
