#include "solver/cholesky.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "support/approx.hpp"

using namespace memspice;

namespace {

/// A symmetric matrix of one value off the diagonal: columns, rows and values as Cholesky takes them.
struct Symmetric {
  std::vector<std::int32_t> columns{0}, rows;
  std::vector<double> values;

  /// `reach`: how far from the diagonal entries are.
  Symmetric(std::int32_t size, std::int32_t reach, double diagonal, double beside) {
    for (std::int32_t j = 0; j < size; ++j) {
      for (std::int32_t i = std::max(j - reach, 0); i <= std::min(j + reach, size - 1); ++i) {
        rows.push_back(i);
        values.push_back(i == j ? diagonal : beside);
      }
      columns.push_back(static_cast<std::int32_t>(rows.size()));
    }
  }
  [[nodiscard]] std::vector<double> times(const std::vector<double>& x) const {
    std::vector<double> y(x.size(), 0.0);
    for (std::size_t j = 0; j + 1 < columns.size(); ++j)
      for (std::int32_t e = columns[j]; e < columns[j + 1]; ++e) y[rows[e]] += values[e] * x[j];
    return y;
  }
};

/// Largest |x - A⁻¹ A x| of one x.
double error_of_solution(Cholesky& factor, const Symmetric& matrix) {
  std::vector<double> x(matrix.columns.size() - 1);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(1.0 + 7.0 * static_cast<double>(i));
  std::vector<double> found = matrix.times(x);
  factor.solve(found.data());
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(found[i] - x[i]));
  return worst;
}

}  // namespace

TEST_CASE("a chain's factor takes 2 n - 1 entries and 4 n - 3 multiplications, with and without CHOLMOD") {
  for (const std::int32_t size : {1, 2, 10, 399, 400, 401, 1000}) {
    CAPTURE(size);
    Symmetric matrix(size, 1, 2.5, -1);
    Cholesky factor(matrix.columns, matrix.rows, matrix.values);
    CHECK(factor.size().entries == 2 * size - 1);
    CHECK(factor.size().flops == 4 * size - 3);
    REQUIRE(factor.factorise());
    CHECK(error_of_solution(factor, matrix) < 1e-14);
  }
}

TEST_CASE("a full matrix a I - E has the determinant a^(n - 1) (a - n), with and without CHOLMOD") {
  for (const std::int32_t size : {3, 50, 200, 500}) {  // the last two with dense blocks
    CAPTURE(size);
    const double a = size + 0.5;
    Symmetric matrix(size, size, a - 1, -1);
    Cholesky factor(matrix.columns, matrix.rows, matrix.values);
    REQUIRE(factor.factorise());
    CHECK(error_of_solution(factor, matrix) < 1e-11);
    const double logarithm = (size - 1) * std::log(a) + std::log(0.5);
    CHECK(2 * factor.log_diagonal() == testing::approx(logarithm).epsilon(1e-12));
  }
}

TEST_CASE("values that are not positive definite are refused, and the next ones factorised") {
  for (const std::int32_t size : {2, 30, 400, 500}) {
    CAPTURE(size);
    Symmetric matrix(size, 2, 5, -1);
    Cholesky factor(matrix.columns, matrix.rows, matrix.values);
    const std::vector<double> definite = matrix.values;
    for (const std::int32_t column : {0, size / 2, size - 1}) {
      CAPTURE(column);
      for (std::int32_t e = matrix.columns[column]; e < matrix.columns[column + 1]; ++e)
        if (matrix.rows[e] == column) matrix.values[e] = -1e-9;
      CHECK_FALSE(factor.factorise());
      matrix.values = definite;
      REQUIRE(factor.factorise());
      CHECK(error_of_solution(factor, matrix) < 1e-14);
    }
  }
}
