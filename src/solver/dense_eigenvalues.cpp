#include "solver/dense_eigenvalues.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <cmath>

#include "base/interruption.hpp"

namespace memspice {

// Eigen's templates for this take longer to compile than most rooms do: they stand alone.
DenseEigenvalues dense_eigenvalues(const Eigen::MatrixXd& matrix, bool vectors) {
  return abandonable([matrix, vectors] {
    const Eigen::EigenSolver<Eigen::MatrixXd> solver(matrix, vectors);
    return DenseEigenvalues{solver.eigenvalues(), vectors ? solver.eigenvectors() : Eigen::MatrixXcd()};
  });
}

Eigen::VectorXcd nonzero_eigenvalues(const Eigen::MatrixXd& matrix, double tolerance) {
  return abandonable([matrix, tolerance] {
    // The range of a matrix is invariant under it and has all eigenvectors but those of 0.
    Eigen::MatrixXd rest = matrix;
    const double least = tolerance * matrix.norm();
    while (rest.rows() > 0) {
      const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(rest);
      const Eigen::VectorXd pivots = qr.matrixQR().diagonal().cwiseAbs();
      const Eigen::Index rank = (pivots.array() > least).count();
      if (rank == rest.rows()) break;
      const Eigen::MatrixXd range =
          qr.householderQ() * Eigen::MatrixXd::Identity(rest.rows(), rest.rows()).leftCols(rank);
      rest = (range.transpose() * rest * range).eval();
    }
    if (rest.rows() == 0) return Eigen::VectorXcd();
    return Eigen::VectorXcd(Eigen::EigenSolver<Eigen::MatrixXd>(rest, false).eigenvalues());
  });
}

Eigen::VectorXd balance(const Eigen::MatrixXd& matrix) {
  constexpr int most_rounds = 50;
  const Eigen::Index n = matrix.rows();
  Eigen::MatrixXd m = matrix;
  Eigen::VectorXd scale = Eigen::VectorXd::Ones(n);
  bool changed = true;
  for (int round = 0; round < most_rounds && changed; ++round) {
    changed = false;
    for (Eigen::Index i = 0; i < n; ++i) {
      const double row = m.row(i).norm(), column = m.col(i).norm();
      if (row == 0 || column == 0) continue;
      const double factor = std::exp2(std::nearbyint(0.5 * std::log2(row / column)));
      if (factor == 1 || !std::isfinite(factor)) continue;
      changed = true;
      scale[i] *= factor;
      m.col(i) *= factor;
      m.row(i) /= factor;
    }
  }
  return scale;
}

Eigen::VectorXd definite_eigenvalues(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return abandonable([a, b] {
    const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd> solver(a, b, Eigen::EigenvaluesOnly);
    return Eigen::VectorXd(solver.eigenvalues());
  });
}

}  // namespace memspice
