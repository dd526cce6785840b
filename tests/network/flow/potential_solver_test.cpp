// Kirchhoff's current law at three instants at once, against Eigen's dense solution.
#include "network/flow/potential_solver.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <random>

using namespace memspice;
using namespace memspice::network;

namespace {

Team one_thread_of_potentials;

/// A connected random network with EMFs in some branches and injected currents, its states given, and what
/// its potentials are.
struct GivenNetwork {
  FlowNetwork network;
  PotentialSolver::Given given;
  std::vector<double> solution;              // V, three a row
  std::array<Eigen::MatrixXd, 3> laplacian;  // without ground's row

  explicit GivenNetwork(unsigned seed) {
    std::mt19937_64 random(seed);
    const auto between = [&](double a, double b) {
      return std::uniform_real_distribution<double>(a, b)(random);
    };
    const auto pick = [&](std::size_t below) {
      return static_cast<std::uint32_t>(between(0, double(below) - 1e-9));
    };
    const std::size_t rows = 3 + pick(30), waves = 1 + pick(3);
    network.rows = rows;
    network.waves.resize(waves);
    given.waves.resize(waves);
    for (auto& wave : given.waves)
      for (double& value : wave) value = between(-2, 2);
    const auto add = [&](FlowEnds& ends, SourceSums& sums, std::uint32_t plus, std::uint32_t minus) {
      ends.plus.push_back(plus);
      ends.minus.push_back(minus);
      if (sums.begin.empty()) sums.begin.push_back(0);
      sums.constant.push_back(between(0, 1) < 0.5 ? 0 : between(-1, 1));
      for (std::uint32_t terms = pick(3); terms > 0; --terms)
        sums.terms.push_back({pick(waves), between(-1, 1)});
      sums.begin.push_back(static_cast<std::uint32_t>(sums.terms.size()));
    };
    network.resistor_emf.begin = network.injected.begin = network.memristor_emf.begin = {0};
    for (std::uint32_t row = 1; row < rows; ++row)
      add(network.memristors, network.memristor_emf, row, pick(row));
    for (std::uint32_t k = pick(2 * rows); k > 0; --k) {
      const std::uint32_t a = pick(rows), b = pick(rows);
      if (a == b) continue;
      if (k % 3 == 0) {
        add(network.resistors, network.resistor_emf, a, b);
        network.resistor_conductance.push_back(std::pow(10, between(-3, 1)));
      } else {
        add(network.memristors, network.memristor_emf, a, b);
      }
    }
    for (std::uint32_t k = pick(4); k > 0; --k) add(network.injections, network.injected, pick(rows), 0);
    given.conductance.resize(3 * network.memristors.size());
    // As old as the factor is at most: conductances have changed by half since.
    const std::size_t count = network.memristors.size();
    for (std::size_t k = 0; k < count; ++k) {
      given.conductance[k] = std::pow(10, between(-3, -1));
      for (const std::size_t c : {1U, 2U})
        given.conductance[c * count + k] = given.conductance[k] * between(0.67, 1.5);
    }
    solve_densely();
  }

  void solve_densely() {
    const auto rows = static_cast<Eigen::Index>(network.rows);
    solution.assign(3 * network.rows, 0.0);
    for (std::size_t c = 0; c < 3; ++c) {
      Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(rows, rows);
      Eigen::VectorXd right = Eigen::VectorXd::Zero(rows);
      const auto value = [&](const SourceSums& sums, std::size_t k) {
        double sum = sums.constant[k];
        for (const SourceSums::Term& term : sums.of(k)) sum += term.factor * given.waves[term.wave][c];
        return sum;
      };
      const auto branch = [&](std::uint32_t plus, std::uint32_t minus, double g, double emf) {
        matrix(plus, plus) += g;
        matrix(minus, minus) += g;
        matrix(plus, minus) -= g;
        matrix(minus, plus) -= g;
        right(plus) -= g * emf;
        right(minus) += g * emf;
      };
      for (std::size_t k = 0; k < network.memristors.size(); ++k)
        branch(network.memristors.plus[k], network.memristors.minus[k],
               given.conductance[c * network.memristors.size() + k], value(network.memristor_emf, k));
      for (std::size_t k = 0; k < network.resistors.size(); ++k)
        branch(network.resistors.plus[k], network.resistors.minus[k], network.resistor_conductance[k],
               value(network.resistor_emf, k));
      for (std::size_t k = 0; k < network.injections.size(); ++k) {
        right(network.injections.plus[k]) -= value(network.injected, k);
        right(network.injections.minus[k]) += value(network.injected, k);
      }
      laplacian[c] = matrix.bottomRightCorner(rows - 1, rows - 1);
      const Eigen::VectorXd x = laplacian[c].ldlt().solve(right.tail(rows - 1));
      for (Eigen::Index row = 1; row < rows; ++row)
        solution[3 * static_cast<std::size_t>(row) + c] = x(row - 1);
    }
  }

  [[nodiscard]] Eigen::VectorXd column(std::span<const double> x, std::size_t c) const {
    Eigen::VectorXd values(static_cast<Eigen::Index>(network.rows - 1));
    for (std::size_t row = 1; row < network.rows; ++row)
      values(static_cast<Eigen::Index>(row - 1)) = x[3 * row + c];
    return values;
  }
};

double largest_apart(std::span<const double> a, std::span<const double> b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

TEST_CASE(
    "potentials at three instants are those of dense solutions, and sums of fields bring guesses nearest") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    const GivenNetwork of(seed);
    const FlowNetwork& network = of.network;
    std::vector<std::uint32_t> plus = network.memristors.plus, minus = network.memristors.minus;
    plus.insert(plus.end(), network.resistors.plus.begin(), network.resistors.plus.end());
    minus.insert(minus.end(), network.resistors.minus.begin(), network.resistors.minus.end());
    LaplacianPreconditioner inverse(network.rows, plus, minus, LaplacianPreconditioner::Choice::factor,
                                    one_thread_of_potentials);
    std::vector<double> old(
        of.given.conductance.begin(),
        of.given.conductance.begin() + static_cast<std::ptrdiff_t>(network.memristors.size()));
    old.insert(old.end(), network.resistor_conductance.begin(), network.resistor_conductance.end());
    REQUIRE(inverse.factorise(old));
    PotentialSolver solver(network, inverse);

    std::vector<double> x(3 * network.rows, 0.0);
    solver.solve(of.given, x);
    double size = 1e-3;
    for (const double v : of.solution) size = std::max(size, std::abs(v));
    CHECK(largest_apart(x, of.solution) < 1e-9 * size);
    std::ranges::fill(x, 0.0);
    solver.solve(of.given, 1e-6 * size, x);
    CHECK(largest_apart(x, of.solution) < 4e-6 * size);  // as the old factor estimates it

    // Three fields at random, among them ones that are zero, or sums of the others.
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> unit(-1, 1);
    std::vector<double> fields(3 * network.rows, 0.0);
    for (std::size_t row = 1; row < network.rows; ++row) {
      double* of_row = fields.data() + 3 * row;
      for (std::size_t i = 0; i < 3; ++i) of_row[i] = unit(random);
      if (seed % 4 == 0) of_row[1] = 0;
      if (seed % 4 == 1) of_row[2] = 2 * of_row[0] - of_row[1];
    }
    std::vector<double> guess = of.solution;
    const double part[3][3] = {{1, -2, 0.5}, {0, 3, 1}, {-1, 1, 2}};
    for (std::size_t row = 1; row < network.rows; ++row)
      for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t i = 0; i < 3; ++i) guess[3 * row + c] += part[c][i] * fields[3 * row + i];
    std::vector<double> found = guess;
    solver.approach(of.given, fields, found);
    CHECK(largest_apart(found, of.solution) < 1e-6 * (size + largest_apart(guess, of.solution)));

    // What is left of another guess has nothing of them.
    for (std::size_t row = 1; row < network.rows; ++row)
      for (std::size_t c = 0; c < 3; ++c) found[3 * row + c] = guess[3 * row + c] + unit(random);
    solver.approach(of.given, fields, found);
    for (std::size_t c = 0; c < 3; ++c) {
      const Eigen::VectorXd left = of.laplacian[c] * (of.column(found, c) - of.column(of.solution, c));
      for (std::size_t i = 0; i < 3; ++i) {
        const Eigen::VectorXd field = of.column(fields, i);
        CHECK(std::abs(field.dot(left)) <=
              1e-6 * field.norm() * (left.norm() + 1e-6 * of.laplacian[c].norm()));
      }
    }
  }
}
