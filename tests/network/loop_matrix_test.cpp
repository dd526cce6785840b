#include "network/loop_matrix.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "network/random_graph.hpp"

using namespace memspice::network;
using namespace memspice::testing;

namespace {

// A ladder of `count` loops: each loop has a branch of its own and shares one with the next.
std::vector<std::vector<LoopIncidence>> ladder(std::uint32_t count) {
  std::vector<std::vector<LoopIncidence>> columns;
  for (std::uint32_t n = 0; n < count; ++n) {
    columns.push_back({{n, 1}});
    if (n + 1 < count) columns.push_back({{n, 1}, {n + 1, -1}});
  }
  return columns;
}

// Every branch in about half of the loops.
std::vector<std::vector<LoopIncidence>> thicket(std::uint32_t count, std::mt19937_64& random) {
  std::vector<std::vector<LoopIncidence>> columns = ladder(count);
  for (std::uint32_t k = 0; k < count; ++k) {
    columns.emplace_back();
    for (std::uint32_t n = 0; n < count; ++n) {
      if (random() % 2 == 0) columns.back().push_back({n, random() % 2 == 0 ? 1.0 : -1.0});
    }
  }
  return columns;
}

Eigen::MatrixXd assembled(const std::vector<std::vector<LoopIncidence>>& columns, Eigen::Index order,
                          const std::vector<double>& resistance) {
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(order, order);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    for (const auto& row : columns[k]) {
      for (const auto& column : columns[k])
        matrix(row.loop, column.loop) += resistance[k] * row.sign * column.sign;
    }
  }
  return matrix;
}

}  // namespace

TEST_CASE("sparse and dense factors solve the same equations, for resistances of either sign") {
  std::mt19937_64 random(7);
  const std::uint32_t count = 60;
  for (const bool sparse : {true, false}) {
    const auto columns = sparse ? ladder(count) : thicket(count, random);
    LoopMatrix matrix(count, columns);
    CHECK(matrix.sparse() == sparse);
    // none negative; few, so that the matrix stays positive definite; half
    for (const double negative : {0.0, 0.05, 0.5}) {
      CAPTURE(negative);
      std::vector<double> resistance(columns.size());
      for (auto& r : resistance) {
        r = uniform(random, 1, 3);
        if (uniform(random, 0, 1) < negative) r *= negative < 0.1 ? -0.1 : -1;
      }
      const Eigen::MatrixXd expected = assembled(columns, count, resistance);
      REQUIRE(matrix.factor(resistance));
      CHECK(matrix.determinant_sign() == (expected.partialPivLu().determinant() > 0 ? 1 : -1));
      const Eigen::VectorXd right = Eigen::VectorXd::LinSpaced(count, -1, 2);
      const Eigen::VectorXd solution = matrix.solve(right);
      const double scale = expected.cwiseAbs().maxCoeff() * solution.cwiseAbs().maxCoeff();
      CHECK((expected * solution - right).cwiseAbs().maxCoeff() <= 1e-12 * scale);
    }
  }
}

TEST_CASE("a positive semidefinite mixture is singular, not merely hard") {
  // Two loops whose only common branch makes the matrix [[1+r, -r], [-r, 1+r]] singular at r = -1/2.
  LoopMatrix matrix(2, ladder(2));
  CHECK_FALSE(matrix.factor(std::vector{1.0, -0.5, 1.0}));
  CHECK(matrix.factor(std::vector{1.0, -0.5 + 1e-9, 1.0}));
  CHECK(matrix.determinant_sign() == 1);
  CHECK(matrix.factor(std::vector{1.0, -0.5 - 1e-9, 1.0}));
  CHECK(matrix.determinant_sign() == -1);
}
