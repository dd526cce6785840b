#include "network/loop_equations.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "network/random_graph.hpp"
#include "support/approx.hpp"

using namespace memspice::network;
using namespace memspice::testing;

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

std::span<const double> values(const VectorXd& vector) {
  return {vector.data(), static_cast<std::size_t>(vector.size())};
}

// Resistances and EMFs on a random connected graph.
struct RandomNetwork {
  RandomNetwork(std::uint64_t seed, bool mixed) : random(seed) {
    nodes = 2 + static_cast<std::uint32_t>(random() % 25);
    branches = random_graph(random, nodes, 1 + random() % 40);
    kinds.assign(branches.size(), BranchKind::resistive);
    resistance.resize(static_cast<Eigen::Index>(branches.size()));
    emf.resize(resistance.size());
    for (auto& r : resistance)
      r = std::pow(10.0, uniform(random, 1, 4)) * (mixed && random() % 4 == 0 ? -1 : 1);
    for (auto& s : emf) s = uniform(random, -1, 1);
  }
  VectorXd solve(LoopEquations& equations) const {
    VectorXd current(resistance.size());
    const VectorXd driven = VectorXd::Zero(resistance.size());
    REQUIRE(equations.factor(values(resistance)));
    equations.solve(values(emf), values(driven), {current.data(), branches.size()});
    return current;
  }
  std::mt19937_64 random;
  std::uint32_t nodes;
  std::vector<GraphBranch> branches;
  std::vector<BranchKind> kinds;
  VectorXd resistance;
  VectorXd emf;
};

// ∂i/∂S, column by column: Ω when all resistances are 1 ohm.
MatrixXd response(const LoopEquations& equations) {
  const auto count = static_cast<Eigen::Index>(equations.branch_count());
  MatrixXd response(count, count);
  const VectorXd driven = VectorXd::Zero(count);
  for (Eigen::Index k = 0; k < count; ++k)
    equations.solve(values(VectorXd::Unit(count, k)), values(driven),
                    {response.col(k).data(), equations.branch_count()});
  return response;
}

double largest(const MatrixXd& matrix) {
  return matrix.size() == 0 ? 0 : matrix.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("loop currents satisfy both of Kirchhoff's laws to rounding") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RandomNetwork network(seed, seed % 2 == 1);
    LoopEquations equations(network.nodes, network.branches, network.kinds);
    const VectorXd current = network.solve(equations);
    const MatrixXd incidence = reduced_incidence(network.branches, network.nodes);
    const MatrixXd cycles = equations.cycle_matrix();
    const VectorXd voltage = network.resistance.cwiseProduct(current);
    // A mixture of signs may be ill-conditioned: its voltages are then large beside the sources.
    CHECK(largest(cycles * incidence.transpose()) == 0);
    CHECK(largest(incidence * current) <= 1e-12 * largest(current));
    CHECK(largest(cycles * (voltage - network.emf)) <= 1e-12 * (largest(network.emf) + largest(voltage)));
  }
}

TEST_CASE("the loop form and the node form give the same currents") {
  for (std::uint64_t seed = 100; seed < 140; ++seed) {
    const bool mixed = seed % 2 == 1;
    const RandomNetwork network(seed, mixed);
    LoopEquations equations(network.nodes, network.branches, network.kinds);
    const VectorXd current = network.solve(equations);
    const MatrixXd incidence = reduced_incidence(network.branches, network.nodes);
    const VectorXd conductance = network.resistance.cwiseInverse();
    const MatrixXd laplacian = incidence * conductance.asDiagonal() * incidence.transpose();
    const VectorXd potential =
        laplacian.partialPivLu().solve(incidence * conductance.cwiseProduct(network.emf));
    const VectorXd expected = conductance.cwiseProduct(network.emf - incidence.transpose() * potential);
    CHECK(largest(current - expected) <= (mixed ? 1e-9 : 1e-12) * largest(expected));
  }
}

TEST_CASE(
    "the projector on the loops is the same for every tree, squares to itself and is blind to bridges") {
  for (std::uint64_t seed = 200; seed < 220; ++seed) {
    RandomNetwork network(seed, false);
    network.resistance.setOnes();
    LoopEquations equations(network.nodes, network.branches, network.kinds);
    REQUIRE(equations.factor(values(network.resistance)));
    const MatrixXd omega = response(equations);
    const MatrixXd incidence = reduced_incidence(network.branches, network.nodes);
    const MatrixXd nodal =
        MatrixXd::Identity(omega.rows(), omega.cols()) -
        incidence.transpose() * (incidence * incidence.transpose()).partialPivLu().solve(incidence);
    CHECK(largest(omega - nodal) <= 1e-12);
    CHECK(largest(omega * omega - omega) <= 1e-12);
    CHECK(omega.trace() ==
          memspice::testing::approx(static_cast<double>(equations.loop_count())).epsilon(1e-12));
  }
  const std::vector<GraphBranch> with_bridge{{0, 1}, {1, 2}, {2, 1}};
  const std::vector<BranchKind> kinds(3, BranchKind::resistive);
  LoopEquations equations(3, with_bridge, kinds);
  REQUIRE(equations.factor(std::vector<double>{1, 1, 1}));
  CHECK(largest(response(equations).row(0)) == 0);
}

TEST_CASE("a current source forces its current through its loop") {
  // 2 A into two parallel resistors of 1 and 3 ohm: 1.5 A and 0.5 A.
  const std::vector<GraphBranch> branches{{1, 0}, {1, 0}, {0, 1}};
  const std::vector<BranchKind> kinds{BranchKind::resistive, BranchKind::resistive, BranchKind::driven};
  LoopEquations equations(2, branches, kinds);
  REQUIRE(equations.factor(std::vector<double>{1, 3, 0}));
  std::vector<double> current(3);
  equations.solve(std::vector<double>{0, 0, 0}, std::vector<double>{0, 0, 2}, current);
  CHECK(current[0] == memspice::testing::approx(1.5).epsilon(1e-15));
  CHECK(current[1] == memspice::testing::approx(0.5).epsilon(1e-15));
  CHECK(current[2] == memspice::testing::approx(2).epsilon(1e-15));
}

TEST_CASE("a bare voltage source is a branch without resistance") {
  // 10 V from node 1 to ground across 4 ohm; the branch plus -> minus carries -2.5 A.
  const std::vector<GraphBranch> branches{{1, 0}, {1, 0}};
  const std::vector<BranchKind> kinds{BranchKind::resistive, BranchKind::source};
  LoopEquations equations(2, branches, kinds);
  REQUIRE(equations.factor(std::vector<double>{4, 0}));
  std::vector<double> current(2);
  equations.solve(std::vector<double>{0, -10}, std::vector<double>{0, 0}, current);
  CHECK(current[0] == memspice::testing::approx(2.5).epsilon(1e-15));
  CHECK(current[1] == memspice::testing::approx(-2.5).epsilon(1e-15));
}

TEST_CASE("a loop of shorts leaves the other currents alone") {
  const std::vector<GraphBranch> branches{{1, 0}, {1, 2}, {2, 1}, {2, 0}};
  const std::vector<BranchKind> kinds{BranchKind::source, BranchKind::shorted, BranchKind::shorted,
                                      BranchKind::resistive};
  LoopEquations equations(3, branches, kinds);
  REQUIRE(equations.factor(std::vector<double>{0, 0, 0, 5}));
  std::vector<double> current(4);
  equations.solve(std::vector<double>{-10, 0, 0, 0}, std::vector<double>(4), current);
  CHECK(current[3] == memspice::testing::approx(2).epsilon(1e-15));
}

TEST_CASE("a loop of voltage sources and a cut of current sources are found and named") {
  const auto resistive = BranchKind::resistive;
  const std::vector<GraphBranch> loop{{0, 1}, {1, 2}, {2, 0}, {1, 0}};
  try {
    LoopEquations(3, loop,
                  std::vector{BranchKind::source, BranchKind::source, BranchKind::source, resistive});
    FAIL("no error");
  } catch (const TopologyError& error) {
    CHECK(error.kind == TopologyError::Kind::source_loop);
    CHECK(error.branches == std::vector<std::uint32_t>{0, 1, 2});
  }
  const std::vector<GraphBranch> cut{{0, 1}, {0, 2}, {1, 2}};
  try {
    LoopEquations(3, cut, std::vector{BranchKind::driven, BranchKind::driven, resistive});
    FAIL("no error");
  } catch (const TopologyError& error) {
    CHECK(error.kind == TopologyError::Kind::driven_cut);
    CHECK(error.branches == std::vector<std::uint32_t>{0, 1});
  }
}

TEST_CASE("an even ring that is half active has no solution, and an odd one has") {
  const std::vector<GraphBranch> ring{{0, 1}, {1, 2}, {2, 3}, {3, 0}};
  LoopEquations equations(4, ring, std::vector(4, BranchKind::resistive));
  CHECK_FALSE(equations.factor(std::vector<double>{100, -100, 100, -100}));
  CHECK(equations.factor(std::vector<double>{100, -100, 100, -90}));
  CHECK(equations.determinant_sign() == 1);
  CHECK(equations.factor(std::vector<double>{100, -100, 100, -110}));
  CHECK(equations.determinant_sign() == -1);
}

TEST_CASE("resistances that cancel to rounding around a loop are singular in any unit") {
  // Two loops at one node; the second one cancels: 0.1 + 0.2 - 0.3 is not exactly zero.
  const std::vector<GraphBranch> branches{{0, 1}, {1, 0}, {0, 2}, {2, 3}, {3, 0}};
  LoopEquations equations(4, branches, std::vector(5, BranchKind::resistive));
  for (const double unit : {1e-9, 1.0, 1e9}) {
    const auto ohms = [unit](double r) { return r * unit; };
    CHECK_FALSE(equations.factor(std::vector{ohms(1), ohms(5), ohms(0.1), ohms(0.2), ohms(-0.3)}));
    CHECK(equations.factor(std::vector{ohms(1), ohms(5), ohms(0.1), ohms(0.2), ohms(-0.3 + 1e-9)}));
  }
}

TEST_CASE("loops chosen by resistances lose no digits where those lie twelve decades apart") {
  // Two low loops share a high resistance: short loops both run through it, and 1e12 hides their own 1 and 2
  // ohm.
  const std::vector<GraphBranch> branches{{0, 1}, {0, 1}, {0, 1}};
  const std::vector<BranchKind> kinds(3, BranchKind::resistive);
  VectorXd resistance(3), emf(3), current(3);
  resistance << 1e12, 1, 2;
  emf << 0, 1, 0;
  const VectorXd driven = VectorXd::Zero(3);
  LoopEquations equations(2, branches, kinds, values(resistance));
  REQUIRE(equations.factor(values(resistance)));
  CHECK(equations.separation() > 0.1);
  equations.solve(values(emf), values(driven), {current.data(), 3});
  const double voltage = 1 / (1 + 0.5 + 1e-12);  // of node 1 against node 0, as the EMF drives it
  CHECK(std::abs(current[1] - (1 - voltage)) <= 1e-15);
  CHECK(std::abs(current[2] + voltage / 2) <= 1e-15);
  CHECK(std::abs(current[0] * 1e12 + voltage) <= 1e-15);
}

TEST_CASE("loops chosen by resistances give the currents of short ones, for 200 random networks") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomNetwork network(seed, seed % 2 == 0);
    LoopEquations short_loops(network.nodes, network.branches, network.kinds);
    LoopEquations chosen(network.nodes, network.branches, network.kinds, values(network.resistance));
    const VectorXd expected = network.solve(short_loops);
    CHECK(largest(network.solve(chosen) - expected) <= 1e-9 * largest(expected));
    CHECK(chosen.determinant_sign() == short_loops.determinant_sign());
  }
}
