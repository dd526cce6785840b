#include "solver/sparse_lu.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>

#include "support/approx.hpp"
#include "support/random.hpp"

using namespace memspice;
using memspice::testing::Random;

namespace {

template <class Number>
using Dense = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;
template <class Number>
using Vector = Eigen::Matrix<Number, Eigen::Dynamic, 1>;

template <class Number>
Number random_number(Random& random) {
  if constexpr (std::is_same_v<Number, double>) {
    return random.uniform(-1, 1);
  } else {
    return {random.uniform(-1, 1), random.uniform(-1, 1)};
  }
}

/// Random entries, with repetitions, and a diagonal that keeps the matrix regular (but no pivot order for
/// ever).
template <class Number>
void check_solutions(std::uint32_t size, Random& random) {
  std::vector<typename SparseLu<Number>::Position> positions;
  for (std::uint32_t i = 0; i < size; ++i) positions.emplace_back(i, i);
  for (std::uint32_t k = 0; k < 4 * size; ++k) positions.emplace_back(random.below(size), random.below(size));
  SparseLu<Number> matrix(size, positions);
  for (int change = 0; change < 5; ++change) {
    Dense<Number> dense = Dense<Number>::Zero(size, size);
    std::ranges::fill(matrix.values(), Number{});
    for (std::size_t k = 0; k < positions.size(); ++k) {
      const Number value = random_number<Number>(random) * random.logarithmic(1e-3, 1e3);
      matrix.values()[matrix.slots()[k]] += value;
      dense(positions[k].first, positions[k].second) += value;
    }
    REQUIRE(matrix.factorise());
    Vector<Number> b(size);
    for (std::uint32_t i = 0; i < size; ++i) b(i) = random_number<Number>(random);
    const auto check = [&](const Dense<Number>& a, const Vector<Number>& x) {
      const double scale = a.cwiseAbs().rowwise().sum().maxCoeff() * x.cwiseAbs().maxCoeff();
      CHECK((a * x - b).cwiseAbs().maxCoeff() <= 1e-10 * scale);
    };
    Vector<Number> x = b;
    matrix.solve({x.data(), size});
    check(dense, x);
    x = b;
    matrix.solve_transposed({x.data(), size});
    check(dense.transpose(), x);
  }
}

}  // namespace

TEST_CASE("real and complex sparse matrices and their transposes are solved, refactorised and pivoted") {
  Random random(31);
  for (const std::uint32_t size : {1u, 2u, 9u, 120u}) {
    CAPTURE(size);
    check_solutions<double>(size, random);
    check_solutions<std::complex<double>>(size, random);
  }
}

TEST_CASE("pivots that no longer fit are chosen anew") {
  using Position = SparseLu<double>::Position;
  const std::vector<Position> positions{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  SparseLu<double> matrix(2, positions);
  const auto set = [&](std::array<double, 4> values) {
    for (std::size_t k = 0; k < 4; ++k) matrix.values()[matrix.slots()[k]] = values[k];
    REQUIRE(matrix.factorise());
  };
  set({1, 0.1, 0.1, 1});
  set({1, 0.2, 0.3, 2});
  CHECK(matrix.pivotings() == 1);
  set({0, 1, 1, 0});
  std::array<double, 2> b{1, 2};
  REQUIRE(matrix.solve(b));
  CHECK(matrix.pivotings() == 2);
  CHECK(b[0] == testing::approx(2));
  CHECK(b[1] == testing::approx(1));
}

TEST_CASE("a singular matrix is no factorisation, by its numbers or by its structure") {
  using Position = SparseLu<double>::Position;
  SparseLu<double> matrix(2, std::vector<Position>{{0, 0}, {0, 1}, {1, 0}, {1, 1}});
  std::ranges::fill(matrix.values(), 1.0);
  CHECK_FALSE(matrix.factorise());
  SparseLu<std::complex<double>> column(2, std::vector<Position>{{0, 0}, {1, 0}});
  std::ranges::fill(column.values(), 1.0);
  CHECK_FALSE(column.factorise());
}

TEST_CASE("what kept pivots make inaccurate is refined") {
  using Position = SparseLu<double>::Position;
  SparseLu<double> matrix(2, std::vector<Position>{{0, 0}, {0, 1}, {1, 0}, {1, 1}});
  const auto set = [&](std::array<double, 4> values) {
    for (std::size_t k = 0; k < 4; ++k) matrix.values()[matrix.slots()[k]] = values[k];
    REQUIRE(matrix.factorise());
  };
  set({1, 0.1, 0.1, 1});
  set({1e-11, 1, 1, 0.5});
  std::array<double, 2> b{1, 2};
  REQUIRE(matrix.solve(b));
  CHECK(matrix.pivotings() == 1);
  CHECK(b[0] == testing::approx(1.5).epsilon(1e-10));
  CHECK(b[1] == testing::approx(1).epsilon(1e-10));
}

TEST_CASE("rows of very different scale are solved, fresh pivots and kept ones alike") {
  Random random(33);
  constexpr std::uint32_t size = 40;
  std::vector<SparseLu<double>::Position> positions;
  for (std::uint32_t i = 0; i < size; ++i)
    for (std::uint32_t j = 0; j < size; ++j) positions.emplace_back(i, j);
  SparseLu<double> matrix(size, positions);
  for (int change = 0; change < 3; ++change) {
    Eigen::MatrixXd dense(size, size);
    for (std::uint32_t i = 0; i < size; ++i) {
      const double scale = random.logarithmic(1e-15, 1e15);
      for (std::uint32_t j = 0; j < size; ++j) dense(i, j) = scale * random.uniform(-1, 1);
    }
    for (std::size_t k = 0; k < positions.size(); ++k)
      matrix.values()[matrix.slots()[k]] = dense(positions[k].first, positions[k].second);
    REQUIRE(matrix.factorise());
    const Eigen::VectorXd expected = Eigen::VectorXd::Ones(size);
    Eigen::VectorXd x = dense * expected;
    REQUIRE(matrix.solve({x.data(), size}));
    CHECK((x - expected).cwiseAbs().maxCoeff() < 1e-9);
  }
}
