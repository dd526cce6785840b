#include "solver/dense_eigenvalues.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/random.hpp"

using namespace memspice;

TEST_CASE("a balanced matrix has rows as large as its columns, whatever the units of its unknowns were") {
  testing::Random random(74);
  for (int repetition = 0; repetition < 50; ++repetition) {
    const auto n = static_cast<Eigen::Index>(2 + random.below(10));
    Eigen::MatrixXd matrix(n, n);
    Eigen::VectorXd unit(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      unit[i] = random.logarithmic(1e-12, 1e12);
      for (Eigen::Index j = 0; j < n; ++j) matrix(i, j) = random.uniform(-1, 1);
    }
    matrix = (unit.asDiagonal() * matrix * unit.cwiseInverse().asDiagonal()).eval();
    const Eigen::VectorXd scale = balance(matrix);
    const Eigen::MatrixXd balanced = scale.cwiseInverse().asDiagonal() * matrix * scale.asDiagonal();
    for (Eigen::Index i = 0; i < n; ++i) {
      CHECK(std::log2(scale[i]) == std::round(std::log2(scale[i])));
      const double ratio = balanced.row(i).norm() / balanced.col(i).norm();
      CHECK(ratio > 0.5);
      CHECK(ratio < 2);
    }
  }
}
