#pragma once

#include <Eigen/Core>

namespace memspice {

struct DenseEigenvalues {
  Eigen::VectorXcd values;
  Eigen::MatrixXcd vectors;  // by column, of length 1; empty when only the values were asked
};

/// Those of a real matrix.
[[nodiscard]] DenseEigenvalues dense_eigenvalues(const Eigen::MatrixXd& matrix, bool vectors);

}  // namespace memspice
