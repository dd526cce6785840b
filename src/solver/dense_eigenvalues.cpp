#include "solver/dense_eigenvalues.hpp"

#include <Eigen/Eigenvalues>

#include "base/interruption.hpp"

namespace memspice {

// Eigen's templates for this take longer to compile than most rooms do: they stand alone.
DenseEigenvalues dense_eigenvalues(const Eigen::MatrixXd& matrix, bool vectors) {
  return abandonable([matrix, vectors] {
    const Eigen::EigenSolver<Eigen::MatrixXd> solver(matrix, vectors);
    return DenseEigenvalues{solver.eigenvalues(), vectors ? solver.eigenvectors() : Eigen::MatrixXcd()};
  });
}

Eigen::VectorXd definite_eigenvalues(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return abandonable([a, b] {
    const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd> solver(a, b, Eigen::EigenvaluesOnly);
    return Eigen::VectorXd(solver.eigenvalues());
  });
}

}  // namespace memspice
