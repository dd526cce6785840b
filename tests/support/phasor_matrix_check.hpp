#pragma once

#include <doctest/doctest.h>

#include <Eigen/Dense>

#include "equations/linear/phasor_matrix.hpp"
#include "support/random.hpp"

namespace memspice::testing {

/// Solutions by the condensed matrix satisfy the equations that the linearisation's entries make, and so do
/// those of the transposed ones, at a frequency after the other.
inline void check_phasor_matrix(const Linearisation& linear, const std::vector<double>& frequencies,
                                Random& random) {
  PhasorMatrix matrix(linear);
  const auto size = static_cast<Eigen::Index>(linear.size());
  for (const double omega : frequencies) {
    CAPTURE(omega);
    Eigen::MatrixXcd dense = Eigen::MatrixXcd::Zero(size, size);
    for (const MatrixEntry& entry : linear.entries())
      dense(entry.row, entry.column) += Complex(entry.g, omega * entry.c);
    for (const DelayedEntry& entry : linear.delayed())
      dense(entry.row, entry.column) += std::polar(entry.g, -omega * entry.delay);
    REQUIRE(matrix.factorise(omega));
    Eigen::VectorXcd b(size);
    for (Eigen::Index i = 0; i < size; ++i) b(i) = Complex(random.uniform(-1, 1), random.uniform(-1, 1));
    b(0) = 0;
    const auto check = [&](const Eigen::MatrixXcd& a, const Eigen::VectorXcd& x) {
      const Eigen::VectorXd scale = a.cwiseAbs() * x.cwiseAbs() + b.cwiseAbs();
      const Eigen::VectorXcd error = a * x - b;
      for (Eigen::Index i = 0; i < size; ++i) CHECK(std::abs(error(i)) <= 1e-8 * scale(i));
    };
    Eigen::VectorXcd x = b;
    REQUIRE(matrix.solve({x.data(), linear.size()}));
    check(dense, x);
    x = b;
    REQUIRE(matrix.solve_transposed({x.data(), linear.size()}));
    check(dense.transpose(), x);
  }
}

}  // namespace memspice::testing
