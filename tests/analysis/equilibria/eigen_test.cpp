// Eigenvalues against closed forms, finite differences and each other.

#include "analysis/equilibria/eigen.hpp"

#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "network/memristive_flow.hpp"
#include "support/approx.hpp"
#include "support/random_network.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::Network;
using memspice::testing::Random;
using Complex = std::complex<double>;

namespace {

EigenReport spectrum_of(const std::string& body) {
  const testing::DeckRun result = testing::run_deck(body);
  REQUIRE(result.report.eigenvalues.size() == 1);
  return result.report.eigenvalues[0];
}

/// Identical devices: the theory's homogeneous case.
void make_alike(Network& network, double alpha) {
  for (Network::Branch& branch : network.branches) {
    branch.ron = 100;
    branch.roff = 1600;
    branch.alpha = alpha;
    branch.beta = 1;
    branch.polarity = 1;
    branch.voltage_control = false;
  }
}

void set_dc_values(network::MemristiveFlow& flow) {
  flow.set_sources([](const network::BranchNetwork::SourceBranch& source) { return source.dc; });
}

std::vector<double> start_of(const Network& network) {
  std::vector<double> w;
  for (const Network::Branch& branch : network.branches) w.push_back(branch.w0);
  return w;
}

}  // namespace

TEST_CASE("the poles of a series RLC circuit are its closed form's") {
  const EigenReport report = spectrum_of("V1 in 0 1\nR1 in a 10\nL1 a b 1m\nC1 b 0 1u\n.eigen\n");
  REQUIRE(report.values.size() == 2);
  const Complex expected(-5000, std::sqrt(1e9 - 25e6));
  CHECK(std::abs(report.values[0] - std::conj(expected)) < 1e-9 * std::abs(expected));
  CHECK(std::abs(report.values[1] - expected) < 1e-9 * std::abs(expected));
  REQUIRE(report.oscillations.size() == 1);
  CHECK(report.no_closed_form.find("'l1'") != std::string::npos);
  CHECK_FALSE(report.closed_form_difference);
}

TEST_CASE("poles six decades apart keep their digits") {
  const EigenReport report =
      spectrum_of("V1 in 0 1\nR1 in a 1k\nC1 a 0 1u\nV2 jn 0 1\nR2 jn b 1k\nC2 b 0 1p\n.eigen\n");
  REQUIRE(report.values.size() == 2);
  CHECK(report.values[0].real() == testing::approx(-1e3).epsilon(1e-7));
  CHECK(report.values[1].real() == testing::approx(-1e9).epsilon(1e-9));
}

TEST_CASE("what a source determines is no dynamic of the circuit: capacitors across sources, inductor cuts") {
  const EigenReport report = spectrum_of(
      "V1 in 0 1\nC2 in 0 1u\nR1 in a 1k\nC1 a 0 1u\nI1 0 b 1m\nL1 b c 1m\nR2 c 0 10\nR3 b 0 1k\nL2 b d 1m\n"
      "R4 d 0 1\n.eigen\n");
  // C1 with R1; L1 and L2 through b, with R3 || current source: two loops of currents.
  REQUIRE(report.values.size() == 3);
  CHECK(std::ranges::any_of(report.values, [](Complex value) { return std::abs(value + 1e3) < 1e-6; }));
}

TEST_CASE("a ring of N memristors has the eigenvalue α N-1 times and once that of its mean state") {
  // dw/dt = α w - s/(β N (1 + ξ w)) along the diagonal; all other directions leave the current as it is.
  const double w = 0.3, alpha = 0.7, beta = 2, xi = 15, s = 3;
  const EigenReport report = spectrum_of(
      "V1 a 0 3\nY1 a b m w0=0.3\nY2 b c m w0=0.3\nY3 c d m w0=0.3\nY4 d 0 m w0=0.3\n"
      ".model m memristor ron=100 roff=1600 alpha=0.7 beta=2\n.eigen\n");
  const double diagonal = alpha + s * xi / (beta * 4 * (1 + xi * w) * (1 + xi * w));
  REQUIRE(report.values.size() == 4);
  CHECK(report.values[0].real() == testing::approx(diagonal).epsilon(1e-11));
  for (std::size_t i = 1; i < 4; ++i) CHECK(report.values[i].real() == testing::approx(alpha).epsilon(1e-11));
  CHECK(report.oscillations.empty());
  CHECK(report.closed_form_difference.value() < 1e-12);
}

TEST_CASE("the Lyapunov matrix is the derivative of the vector field, on 1,000 random networks") {
  Random random(601);
  double worst = 0;
  for (int count = 0; count < 1000; ++count) {
    Network network = testing::random_network(random, 2 + random.below(6), 1 + random.below(6), 1);
    if (count % 2 == 1) {
      for (Network::Branch& branch : network.branches) branch.active = random.below(8) == 0;
    }
    const Circuit circuit = testing::circuit_of(network.deck() + ".op\n");
    network::MemristiveFlow flow(circuit, network::branch_network(circuit, ".eigen", {}));
    set_dc_values(flow);
    const std::vector<double> w = start_of(network);
    if (!flow.solve(w)) continue;
    const Eigen::MatrixXd exact = flow.jacobian();
    // Sixth order differences of a rational function: exact to rounding over the step.
    Eigen::MatrixXd numeric(exact.rows(), exact.cols());
    const double h = 2e-4;
    bool regular = true;
    for (std::size_t m = 0; m < w.size(); ++m) {
      Eigen::VectorXd sum = Eigen::VectorXd::Zero(exact.rows());
      for (const auto& [steps, weight] : {std::pair(1, 0.75), std::pair(2, -0.15), std::pair(3, 1.0 / 60)}) {
        for (const int side : {1, -1}) {
          std::vector<double> there = w;
          there[m] += side * steps * h;
          regular &= flow.solve(there);
          Eigen::VectorXd rates(exact.rows());
          flow.rates(there, std::span(rates.data(), w.size()));
          sum += side * weight * rates;
        }
      }
      numeric.col(static_cast<Eigen::Index>(m)) = sum / h;
    }
    if (!regular || exact.cwiseAbs().maxCoeff() > 1e3) continue;  // next to a singularity
    worst = std::max(worst, (exact - numeric).norm() / exact.norm());
  }
  CHECK(worst < 1e-7);
}

TEST_CASE("for devices alike the Lyapunov matrix is the theory's, on 1,000 random networks") {
  // L = αI + (ξ/β) (I + ξ Ω W)⁻¹ Ω diag(Ron i), Ω = Aᵗ(AAᵗ)⁻¹A                  theory.md §6
  Random random(602);
  double worst = 0;
  for (int count = 0; count < 1000; ++count) {
    Network network = testing::random_network(random, 2 + random.below(6), 1 + random.below(6), 1);
    make_alike(network, 0.2);
    const Circuit circuit = testing::circuit_of(network.deck() + ".op\n");
    network::MemristiveFlow flow(circuit, network::branch_network(circuit, ".eigen", {}));
    set_dc_values(flow);
    const std::vector<double> w = start_of(network);
    REQUIRE(flow.solve(w));
    const auto n = static_cast<Eigen::Index>(w.size());
    Eigen::MatrixXd incidence = Eigen::MatrixXd::Zero(network.nodes, n);
    for (Eigen::Index k = 0; k < n; ++k) {
      incidence(network.branches[static_cast<std::size_t>(k)].from, k) -= 1;
      incidence(network.branches[static_cast<std::size_t>(k)].to, k) += 1;
    }
    const Eigen::MatrixXd reduced = incidence.topRows(network.nodes - 1);
    const Eigen::MatrixXd omega = Eigen::MatrixXd::Identity(n, n) -
                                  reduced.transpose() * (reduced * reduced.transpose()).ldlt().solve(reduced);
    const double xi = 15;
    const Eigen::VectorXd state = Eigen::Map<const Eigen::VectorXd>(w.data(), n);
    Eigen::VectorXd current(n);
    for (Eigen::Index k = 0; k < n; ++k) current[k] = flow.current()[static_cast<std::size_t>(k)];
    const Eigen::MatrixXd left = Eigen::MatrixXd::Identity(n, n) + xi * omega * state.asDiagonal();
    const Eigen::MatrixXd expected = 0.2 * Eigen::MatrixXd::Identity(n, n) +
                                     xi * left.partialPivLu().solve(omega) * (100 * current).asDiagonal();
    worst = std::max(worst, (flow.jacobian() - expected).norm() / expected.norm());
  }
  CHECK(worst < 1e-11);
}

TEST_CASE("the pencil and the closed form have the same eigenvalues, on 300 random mixtures") {
  Random random(603);
  double worst = 0;
  int oscillating = 0;
  for (int count = 0; count < 300; ++count) {
    Network network = testing::random_network(random, 3 + random.below(6), 2 + random.below(6), 2);
    for (Network::Branch& branch : network.branches) branch.active = count % 2 == 1 && random.below(4) == 0;
    const Circuit circuit = testing::circuit_of(network.deck() + ".eigen\n");
    const RunReport report = testing::try_circuit(circuit).report;
    const EigenReport& spectrum = report.eigenvalues.at(0);
    CAPTURE(network.deck());
    CAPTURE(spectrum.no_closed_form);
    REQUIRE(spectrum.values.size() == network.branches.size());
    worst = std::max(worst, spectrum.closed_form_difference.value());
    if (!spectrum.oscillations.empty()) ++oscillating;
  }
  CHECK(worst < 1e-8);
  CHECK(oscillating > 10);  // mixtures have complex pairs
}

TEST_CASE("alike passive devices never oscillate, and interior fixed points repel with rates in [α, 2α)") {
  Random random(604);
  int interior = 0;
  for (int count = 0; count < 100; ++count) {
    const double alpha = 0.5;
    Network network = testing::random_network(random, 3 + random.below(4), 2 + random.below(4), 3);
    make_alike(network, alpha);
    // Along the currents all drives oppose the decay, as an interior fixed point needs.
    const Circuit circuit = testing::circuit_of(network.deck() + ".op\n");
    network::MemristiveFlow flow(circuit, network::branch_network(circuit, ".eigen", {}));
    set_dc_values(flow);
    REQUIRE(flow.solve(start_of(network)));
    for (std::size_t k = 0; k < network.branches.size(); ++k) {
      if (flow.current()[k] >= 0) continue;
      std::swap(network.branches[k].from, network.branches[k].to);
      network.branches[k].emf *= -1;
    }
    const testing::DeckRun result = testing::run_deck(network.deck() + ".fixedpoint\n.eigen at=fixed\n");
    const EigenReport& spectrum = result.report.eigenvalues[0];
    CHECK(spectrum.oscillations.empty());
    if (spectrum.held != 0 || spectrum.values.empty()) continue;
    ++interior;
    for (const Complex value : spectrum.values) {
      CHECK(value.real() > alpha * (1 - 1e-9));
      CHECK(value.real() < 2 * alpha);
    }
  }
  CHECK(interior > 5);
}

namespace {

/// Largest imaginary part of the Lyapunov matrix at the states of the network, relative to the largest
/// eigenvalue.
double turning(const Network& network, Eigen::VectorXcd* spectrum = nullptr) {
  const Circuit circuit = testing::circuit_of(network.deck() + ".op\n");
  network::MemristiveFlow flow(circuit, network::branch_network(circuit, ".eigen", {}));
  set_dc_values(flow);
  REQUIRE(flow.solve(start_of(network)));
  const Eigen::VectorXcd values = flow.jacobian().eigenvalues();
  if (spectrum != nullptr) *spectrum = values;
  return values.imag().cwiseAbs().maxCoeff() / values.cwiseAbs().maxCoeff();
}

Network passive_network(Random& random) {
  Network network = testing::random_network(random, 3 + random.below(4), 2 + random.below(5), 3);
  for (Network::Branch& branch : network.branches) branch.voltage_control = false;
  return network;
}

}  // namespace

TEST_CASE("passive networks with one alpha never oscillate, every device and polarity different, anywhere") {
  Random random(606);
  double worst = 0;
  int several_alphas = 0;
  for (int count = 0; count < 1000; ++count) {
    Network network = passive_network(random);
    several_alphas += turning(network) > 1e-3 ? 1 : 0;
    for (Network::Branch& branch : network.branches) branch.alpha = 0.2;
    worst = std::max(worst, turning(network));
  }
  CHECK(worst < 1e-6);
  CHECK(several_alphas > 0);  // one alpha is necessary
}

TEST_CASE("at an interior fixed point of a passive network all is real, between the alphas and twice them") {
  Random random(607);
  for (int count = 0; count < 1000; ++count) {
    Network network = passive_network(random);
    const Circuit circuit = testing::circuit_of(network.deck() + ".op\n");
    network::MemristiveFlow flow(circuit, network::branch_network(circuit, ".eigen", {}));
    set_dc_values(flow);
    REQUIRE(flow.solve(start_of(network)));
    double least = infinity;
    double most = 0;
    for (std::size_t k = 0; k < network.branches.size(); ++k) {
      Network::Branch& branch = network.branches[k];  // alpha and polarity make its state a fixed point
      branch.polarity = flow.current()[k] > 0 ? 1 : -1;
      branch.alpha = std::abs(flow.current()[k]) * branch.ron / branch.beta / branch.w0;
      least = std::min(least, branch.alpha);
      most = std::max(most, branch.alpha);
    }
    Eigen::VectorXcd values;
    CHECK(turning(network, &values) < 1e-6);
    CHECK(values.real().minCoeff() >= least - 1e-6 * most);
    CHECK(values.real().maxCoeff() < 2 * most);
  }
}

TEST_CASE("of a large circuit the outermost eigenvalues are found, as the dense ones") {
  Random random(605);
  Network network = testing::random_network(random, 40, 60, 2);
  const Circuit circuit = testing::circuit_of(network.deck() + ".op\n");
  const CircuitPoint point = dc_point(circuit);
  const EigenReport dense = find_eigenvalues(circuit, {}, point);
  const EigenReport sparse = find_eigenvalues(circuit, {}, point, 10);
  CHECK(dense.complete);
  CHECK_FALSE(sparse.complete);
  REQUIRE(sparse.values.size() >= 4);
  double radius = 0;
  for (const Complex value : dense.values) radius = std::max(radius, std::abs(value));
  for (const Complex value : sparse.values) {
    double nearest = infinity;
    for (const Complex other : dense.values) nearest = std::min(nearest, std::abs(value - other));
    CHECK(nearest < 1e-7 * radius);
  }
  CHECK(std::abs(sparse.values.front().real() - dense.values.front().real()) < 1e-7 * radius);
  CHECK(std::abs(sparse.values.back().real() - dense.values.back().real()) < 1e-7 * radius);
}

TEST_CASE("states held at a bound are no part of the spectrum") {
  const EigenReport report = spectrum_of(
      "V1 a 0 1\nY1 a b m w0=1\nY2 b 0 m w0=0.5\n.model m memristor ron=100 roff=1600 alpha=1 beta=100\n"
      ".eigen\n");
  CHECK(report.held == 1);
  CHECK(report.values.size() == 1);
  CHECK(report.closed_form_difference.value() < 1e-10);
}
