#include "solver/node_matrix.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <stdexcept>
#include <vector>

#include "support/approx.hpp"
#include "support/random.hpp"

using namespace memspice;
using memspice::testing::Random;

namespace {

using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// A random sparse matrix in both forms.
struct Pair {
  NodeMatrix sparse;
  Eigen::MatrixXd dense;

  Pair(std::size_t size, const Edges& edges, bool symmetric)
      : sparse(size, edges, symmetric), dense(Eigen::MatrixXd::Zero(as(size), as(size))) {}

  static Eigen::Index as(std::size_t i) { return static_cast<Eigen::Index>(i); }
  void add(std::uint32_t row, std::uint32_t column, double value) {
    sparse.values()[sparse.slot(row, column)] += value;
    dense(row, column) += value;
  }
  void add_conductance(std::uint32_t a, std::uint32_t b, double g) {
    add(a, a, g);
    add(b, b, g);
    add(a, b, -g);
    add(b, a, -g);
  }
  void clear() {
    for (double& value : sparse.values()) value = 0;
    dense.setZero();
  }
};

Edges random_edges(Random& random, std::uint32_t size, std::size_t count) {
  Edges edges;
  while (size > 1 && edges.size() < count) {
    const std::uint32_t a = random.below(size);
    const std::uint32_t b = random.below(size);
    if (a != b) edges.emplace_back(a, b);
  }
  return edges;
}

/// ‖b - A x‖∞ relative to what rounding allows for a backward stable solution.
double backward_error(Pair& matrix, Random& random) {
  const auto n = matrix.dense.rows();
  Eigen::VectorXd b(n);
  for (Eigen::Index i = 0; i < n; ++i) b(i) = random.uniform(-1, 1);
  Eigen::VectorXd x = b;
  matrix.sparse.solve(x.data());
  const double scale =
      matrix.dense.cwiseAbs().rowwise().sum().maxCoeff() * x.cwiseAbs().maxCoeff() + b.cwiseAbs().maxCoeff();
  return (b - matrix.dense * x).cwiseAbs().maxCoeff() / scale;
}

double difference_to_eigen(Pair& matrix, Random& random) {
  const auto n = matrix.dense.rows();
  Eigen::VectorXd b(n);
  for (Eigen::Index i = 0; i < n; ++i) b(i) = random.uniform(-1, 1);
  const Eigen::VectorXd expected = matrix.dense.fullPivLu().solve(b);
  Eigen::VectorXd x = b;
  matrix.sparse.solve(x.data());
  return (x - expected).cwiseAbs().maxCoeff() / expected.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("a grounded Laplacian of any size is factorised by Cholesky and solved as Eigen solves it") {
  Random random(1);
  for (const std::uint32_t size : {1u, 2u, 7u, 60u, 250u, 500u}) {
    CAPTURE(size);
    const Edges edges = random_edges(random, size, 2 * size);
    Pair matrix(size, edges, true);
    for (int repetition = 0; repetition < 3; ++repetition) {  // the pattern is analysed once, used often
      matrix.clear();
      for (const auto& [a, b] : edges) matrix.add_conductance(a, b, random.logarithmic(1e-5, 1e-2));
      for (std::uint32_t i = 0; i < size; ++i) matrix.add(i, i, random.logarithmic(1e-4, 1e-2));
      REQUIRE(matrix.sparse.factorise());
      CHECK(matrix.sparse.statistics().cholesky);
      CHECK(difference_to_eigen(matrix, random) < 1e-11);
    }
    CHECK(matrix.sparse.statistics().factorisations == 3);
    CHECK(matrix.sparse.statistics().solves == 3);
  }
}

TEST_CASE("negative conductances make the matrix indefinite and LU takes over, right from the first solve") {
  Random random(2);
  for (const std::uint32_t size : {2u, 7u, 60u, 450u}) {
    CAPTURE(size);
    const Edges edges = random_edges(random, size, 2 * size);
    Pair matrix(size, edges, true);
    for (int repetition = 0; repetition < 20; ++repetition) {
      matrix.clear();
      for (const auto& [a, b] : edges)
        matrix.add_conductance(a, b, (random.coin() ? 1 : -1) * random.logarithmic(1e-4, 1e-2));
      for (std::uint32_t i = 0; i < size; ++i) matrix.add(i, i, random.coin() ? 3e-3 : -3e-3);
      matrix.add(0, 0, -1e-1);  // certainly indefinite
      REQUIRE(matrix.sparse.factorise());
      CHECK_FALSE(matrix.sparse.statistics().cholesky);
      CHECK(backward_error(matrix, random) < 1e-12);
    }
    // Definite values again: right, whichever factorisation it picks after the failures.
    matrix.clear();
    for (const auto& [a, b] : edges) matrix.add_conductance(a, b, 1e-3);
    for (std::uint32_t i = 0; i < size; ++i) matrix.add(i, i, 1e-3);
    REQUIRE(matrix.sparse.factorise());
    CHECK(difference_to_eigen(matrix, random) < 1e-11);
  }
}

TEST_CASE("the factors of a path hardly fill in: every other row first, or two triangles by LU") {
  Pair matrix(5, {{0, 1}, {1, 2}, {2, 3}, {3, 4}}, true);
  for (std::uint32_t i = 0; i < 4; ++i) matrix.add_conductance(i, i + 1, 1);
  matrix.add(0, 0, 1);
  REQUIRE(matrix.sparse.factorise());
  CHECK(matrix.sparse.statistics().factor_nonzeros == 10);  // its triangle, and what joins 0 with 4
  matrix.add(4, 4, -10);                                    // indefinite
  REQUIRE(matrix.sparse.factorise());
  CHECK(matrix.sparse.statistics().factor_nonzeros == 18);
}

TEST_CASE("a short indefinite spell does not cost the Cholesky factorisation") {
  Pair matrix(3, {{0, 1}, {1, 2}}, true);
  for (const double ground : {1.0, -1.0, 1.0}) {
    matrix.clear();
    matrix.add_conductance(0, 1, 1);
    matrix.add_conductance(1, 2, 1);
    matrix.add(0, 0, ground);
    REQUIRE(matrix.sparse.factorise());
    CHECK(matrix.sparse.statistics().cholesky == (ground > 0));
  }
}

TEST_CASE("unsymmetric values are solved as Eigen solves them, factorisation after factorisation") {
  Random random(3);
  for (const std::uint32_t size : {1u, 5u, 80u}) {
    CAPTURE(size);
    const Edges edges = random_edges(random, size, 2 * size);
    Pair matrix(size, edges, false);
    for (int repetition = 0; repetition < 5; ++repetition) {
      matrix.clear();
      for (const auto& [a, b] : edges) {
        matrix.add(a, b, random.uniform(-1, 1));
        matrix.add(b, a, random.uniform(-1, 1));
      }
      for (std::uint32_t i = 0; i < size; ++i) matrix.add(i, i, random.uniform(1, 3));
      REQUIRE(matrix.sparse.factorise());
      CHECK_FALSE(matrix.sparse.statistics().cholesky);
      CHECK(backward_error(matrix, random) < 1e-13);
    }
  }
}

TEST_CASE("pivots that no longer fit are chosen anew: [1 1; 1 2] then [1e-16 1; 1 2] is solved exactly") {
  for (const bool symmetric : {false, true}) {
    CAPTURE(symmetric);
    Pair matrix(2, {{0, 1}}, symmetric);
    for (const double corner : {1.0, 1e-16}) {
      matrix.clear();
      matrix.add(0, 0, corner);
      matrix.add(0, 1, 1);
      matrix.add(1, 0, 1);
      matrix.add(1, 1, 2);
      REQUIRE(matrix.sparse.factorise());
      double x[] = {1.0, 1.0};  // solution of the limit: (-1, 1)
      matrix.sparse.solve(x);
      CHECK(x[0] == testing::approx(corner == 1 ? 1 : -1).epsilon(1e-14));
      CHECK(x[1] == testing::approx(corner == 1 ? 0 : 1).epsilon(1e-14));
    }
  }
  Pair matrix(2, {{0, 1}}, false);
  for (const double corner : {1.0, 1.5, 1e-16}) {
    matrix.clear();
    matrix.add(0, 0, corner);
    matrix.add(0, 1, 1);
    matrix.add(1, 0, 1);
    matrix.add(1, 1, 2);
    REQUIRE(matrix.sparse.factorise());
  }
  CHECK(matrix.sparse.statistics().pivotings == 2);  // the first one, and the one where growth was seen
}

TEST_CASE("a singular matrix is refused, and the next regular one is solved") {
  for (const bool symmetric : {false, true}) {
    CAPTURE(symmetric);
    Pair matrix(3, {{0, 1}, {1, 2}, {0, 2}}, symmetric);
    Random random(4);
    for (const double to_ground : {1.0, 0.0, 1e-3}) {
      matrix.clear();
      matrix.add_conductance(0, 1, 0.7);
      matrix.add_conductance(1, 2, 0.3);
      matrix.add_conductance(0, 2, 0.1);
      matrix.add(2, 2, to_ground);
      CHECK(matrix.sparse.factorise() == (to_ground > 0));
      if (to_ground > 0) CHECK(difference_to_eigen(matrix, random) < 1e-12);
    }
  }
}

TEST_CASE(
    "a matrix whose equations are of very different sizes is not singular: a coil of 1e9 H over 1e-13 s") {
  // Unknowns v1, v2 and the coil's current i: v1 - v2 carries nothing, i is prescribed, v2 = L/h i.
  for (const double impedance : {1e6, 1e14, 1e20, 1e26}) {
    CAPTURE(impedance);
    Pair matrix(3, {{0, 1}, {0, 2}, {1, 2}}, false);
    matrix.clear();
    matrix.add(0, 2, 1);
    matrix.add(1, 0, -2e-4);
    matrix.add(1, 1, 2e-4);
    matrix.add(1, 2, 1);
    matrix.add(2, 1, 1);
    matrix.add(2, 2, -impedance);
    REQUIRE(matrix.sparse.factorise());
    std::vector<double> x{1e-3, 1e-3, 0};
    matrix.sparse.solve(x.data());
    CHECK(x[2] == testing::approx(1e-3));
    CHECK(x[1] == testing::approx(1e-3 * impedance));
    CHECK(x[0] == testing::approx(1e-3 * impedance));
  }
}

TEST_CASE("whether a column depends on another does not hang on its unit") {
  // The second pivot is what is left of 1 + difference, in the unit of its column.
  for (const double unit : {1.0, 0x1p-10, 0x1p-40, 0x1p-200}) {
    for (const std::uint32_t column : {0u, 1u}) {
      for (const double difference : {0.0, 0x1p-48, 0x1p-30}) {
        CAPTURE(unit);
        CAPTURE(column);
        CAPTURE(difference);
        Pair matrix(2, {{0, 1}}, false);
        for (const std::uint32_t row : {0u, 1u}) {
          matrix.add(row, 1 - column, 1);
          matrix.add(row, column, row == column ? unit * (1 + difference) : unit);
        }
        REQUIRE(matrix.sparse.factorise() == (difference > 0));
        if (difference == 0) continue;
        double x[] = {1, 1};  // the sum of a row, with the other column alone
        matrix.sparse.solve(x);
        CHECK(x[column] == testing::approx(0).scale(1 / unit));
        CHECK(x[1 - column] == testing::approx(1));
      }
    }
  }
}

TEST_CASE(
    "a triangle in disorder is not singular, whatever the sizes of its numbers: each pivot is one of them") {
  Pair matrix(4, {{0, 2}, {0, 3}, {1, 2}, {2, 3}}, false);
  matrix.add(0, 2, 0x1p-17);
  matrix.add(1, 1, 0x1p-8);
  matrix.add(2, 1, 0x1p-4);
  matrix.add(2, 3, 0x1p-57);
  matrix.add(3, 0, 0x1p-39);
  matrix.add(3, 2, 0x1p-42);
  matrix.add(3, 3, 0x1p-19);
  REQUIRE(matrix.sparse.factorise());
  double x[] = {1, 1, 1, 1};
  matrix.sparse.solve(x);
  CHECK(x[2] == testing::approx(0x1p17).epsilon(1e-14));
  CHECK(x[1] == testing::approx(0x1p8).epsilon(1e-14));
  CHECK(x[3] == testing::approx(-15 * 0x1p57).epsilon(1e-14));
  CHECK(x[0] == testing::approx(15 * 0x1p77).epsilon(1e-11));
}

TEST_CASE("a matrix without rows needs no work") {
  NodeMatrix matrix(0, {}, true);
  CHECK(matrix.nonzeros() == 0);
  CHECK(matrix.factorise());
  matrix.solve(nullptr);
  CHECK(matrix.statistics().factorisations == 0);
}

TEST_CASE("the pattern holds the mirror image of every edge, the diagonal, and nothing else") {
  NodeMatrix matrix(3, {{0, 1}, {1, 0}, {0, 1}, {2, 1}}, true);
  CHECK(matrix.nonzeros() == 7);
  CHECK(matrix.values().size() == 8);
  CHECK(matrix.slot(0, 1) != matrix.slot(1, 0));
  CHECK_NOTHROW(static_cast<void>(matrix.slot(1, 2)));
  CHECK_THROWS_AS(static_cast<void>(matrix.slot(0, 2)), std::logic_error);
}

TEST_CASE("the logarithm of the determinant is the dense one's, with simplicial and supernodal factors") {
  Random random(71);
  for (const std::uint32_t size : {1u, 7u, 300u}) {
    Edges edges;
    for (std::uint32_t i = 0; i < size; ++i) {
      for (std::uint32_t j = 0; j < i; ++j) {
        if (size == 300 || random.coin()) edges.emplace_back(i, j);  // 300: dense enough for blocks
      }
    }
    Pair matrix(size, edges, true);
    for (const auto& [i, j] : edges) matrix.add_conductance(i, j, random.uniform(0.5, 2));
    for (std::uint32_t i = 0; i < size; ++i) matrix.add(i, i, random.uniform(0.5, 2));
    REQUIRE(matrix.sparse.factorise());
    const Eigen::LLT<Eigen::MatrixXd> dense(matrix.dense);
    const double expected = 2 * Eigen::MatrixXd(dense.matrixL()).diagonal().array().log().sum();
    CHECK(matrix.sparse.log_determinant() == testing::approx(expected).epsilon(1e-12));
    CHECK(matrix.sparse.factor_size().entries >= size);
    CHECK(matrix.sparse.factor_size().entries <= size * (size + 1) / 2.0);
  }
}

TEST_CASE("there is no determinant where Cholesky's factors are none") {
  Pair lu(2, {{0, 1}}, false), symmetric(2, {{0, 1}}, true);
  for (Pair* matrix : {&lu, &symmetric}) {
    matrix->add_conductance(0, 1, 1);
    matrix->add(0, 0, 1);
    REQUIRE(matrix->sparse.factorise());
  }
  CHECK_THROWS_AS(static_cast<void>(lu.sparse.log_determinant()), std::logic_error);
  CHECK(symmetric.sparse.log_determinant() == testing::approx(0));  // 2 - 1
  symmetric.add(0, 0, -5);
  REQUIRE(symmetric.sparse.factorise());
  CHECK_THROWS_AS(static_cast<void>(symmetric.sparse.log_determinant()), std::logic_error);
}
