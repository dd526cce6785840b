#include "solver/dense_eigenvalues.hpp"

#include <Eigen/Eigenvalues>

namespace memspice {

// Eigen's templates for this take longer to compile than most rooms do: they stand alone.
DenseEigenvalues dense_eigenvalues(const Eigen::MatrixXd& matrix, bool vectors) {
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(matrix, vectors);
  return {solver.eigenvalues(), vectors ? solver.eigenvectors() : Eigen::MatrixXcd()};
}

Eigen::VectorXd definite_eigenvalues(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd>(a, b, Eigen::EigenvaluesOnly)
      .eigenvalues();
}

}  // namespace memspice
