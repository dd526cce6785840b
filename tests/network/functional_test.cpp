// The functionals against dense formulas of the theory, on random networks.

#include "network/functional.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>

#include "network/memristive_flow.hpp"
#include "support/approx.hpp"
#include "support/random_network.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using memspice::network::Functional;
using memspice::testing::Network;
using memspice::testing::Random;

namespace {

Network lyapunov_network(Random& random, bool alike) {
  Network network = testing::random_network(random, 2 + random.below(6), 1 + random.below(6), 1);
  const double alpha = random.uniform(0, 0.5);
  for (Network::Branch& branch : network.branches) {
    branch.alpha = alpha;
    branch.voltage_control = false;
    if (!alike) continue;
    branch.ron = 100;
    branch.roff = 1600;
    branch.beta = 0.7;
    branch.polarity = 1;
  }
  return network;
}

VectorXd states(const Network& network) {
  VectorXd w(static_cast<Eigen::Index>(network.branches.size()));
  for (Eigen::Index k = 0; k < w.size(); ++k) w[k] = network.branches[static_cast<std::size_t>(k)].w0;
  return w;
}

std::span<const double> as_span(const VectorXd& w) {
  return {w.data(), static_cast<std::size_t>(w.size())};
}

/// Ω = I - Bᵗ(BBᵗ)⁻¹B, or with D the projector Ω̂ = I - D⁻¹Bᵗ(B D⁻¹ Bᵗ)⁻¹B, by nodes: another way than loops.
MatrixXd projector(const Network& network, const VectorXd& d) {
  const auto n = static_cast<Eigen::Index>(network.branches.size());
  MatrixXd incidence = MatrixXd::Zero(network.nodes, n);
  for (Eigen::Index k = 0; k < n; ++k) {
    incidence(network.branches[static_cast<std::size_t>(k)].from, k) -= 1;
    incidence(network.branches[static_cast<std::size_t>(k)].to, k) += 1;
  }
  const MatrixXd b = incidence.topRows(network.nodes - 1);
  const MatrixXd g = d.cwiseInverse().asDiagonal();
  return MatrixXd::Identity(n, n) - g * b.transpose() * (b * g * b.transpose()).ldlt().solve(b);
}

}  // namespace

TEST_CASE("for devices alike Λ, f and the paper's functional are the theory's, on 1,000 random networks") {
  Random random(621);
  double worst = 0;
  for (int count = 0; count < 1000; ++count) {
    Network network = lyapunov_network(random, true);
    const bool decays = count % 2 == 0;
    for (Network::Branch& branch : network.branches) branch.alpha = decays ? branch.alpha : 0;
    const Circuit circuit = testing::circuit_of(network.deck() + ".op\n");
    Functional functional(circuit, network::branch_network(circuit, ".functional", {}));
    const VectorXd w = states(network);
    const Functional::Values values = functional(as_span(w));
    const auto n = w.size();
    VectorXd emf(n);
    for (Eigen::Index k = 0; k < n; ++k) emf[k] = network.branches[static_cast<std::size_t>(k)].emf;
    const MatrixXd omega = projector(network, VectorXd::Constant(n, 1));
    const VectorXd s = omega * emf;
    const VectorXd square = w.cwiseAbs2();
    const double alpha = network.branches[0].alpha, beta = 0.7, xi = 15;
    const double cubic = -alpha / 3 * square.dot(w);
    const double quartic = -alpha * xi / 4 * square.dot(omega * square);
    const double linear = square.dot(s) / (2 * beta);
    const double scale = std::abs(cubic) + std::abs(quartic) + std::abs(linear);
    worst = std::max(worst, std::abs(values.lyapunov - (cubic + quartic + linear)) / scale);
    CHECK(functional.no_gradient().empty() == !decays);
    if (decays) continue;
    const double size = s.cwiseAbs().sum() + 1e-30;
    worst = std::max(worst, std::abs(values.gradient - (s.dot(w) - xi / 2 * s.dot(square))) / (xi * size));
    worst = std::max(worst, std::abs(values.paper - s.dot(square) / 2) / size);
  }
  CHECK(worst < 1e-12);
}

TEST_CASE("dΛ/dt is the negative quadratic form of dw/dt for devices that differ, on 1,000 random networks") {
  Random random(622);
  double worst = 0;
  for (int count = 0; count < 1000; ++count) {
    const Network network = lyapunov_network(random, false);
    const Circuit circuit = testing::circuit_of(network.deck() + ".op\n");
    const network::BranchNetwork branches = network::branch_network(circuit, ".functional", {});
    Functional functional(circuit, branches);
    network::MemristiveFlow flow(circuit, branches);
    flow.set_sources([](const network::BranchNetwork::SourceBranch& source) { return source.dc; });
    const VectorXd w = states(network);
    REQUIRE(flow.solve(as_span(w)));
    VectorXd rate(w.size());
    flow.rates(as_span(w), std::span(rate.data(), static_cast<std::size_t>(rate.size())));
    // Λ is a polynomial of degree 4 along a line: this difference is its derivative exactly.
    const double h = 0.05 / rate.cwiseAbs().maxCoeff();
    const auto along = [&](double steps) { return functional(as_span(w + steps * h * rate)).lyapunov; };
    const double slope = (8 * (along(1) - along(-1)) - (along(2) - along(-2))) / (12 * h);

    const auto n = w.size();
    VectorXd c(n), d(n), xi(n);
    double mean = 0;
    for (Eigen::Index k = 0; k < n; ++k) {
      const auto& device = branches.memristors[static_cast<std::size_t>(k)];
      c[k] = 1 / device.gain;
      d[k] = device.low;
      xi[k] = device.slope / device.low;
      mean += c[k] * c[k] * xi[k] * d[k] / static_cast<double>(n);
    }
    const VectorXd x = c.cwiseProduct(rate);
    const VectorXd a = xi.cwiseProduct(w).cwiseProduct(x);
    const MatrixXd h_matrix = d.asDiagonal() * projector(network, d);
    const double form = (a.dot(d.cwiseProduct(x)) + a.dot(h_matrix * a)) / mean;
    CHECK(form >= 0);
    worst = std::max(worst, std::abs(slope + form) / (std::abs(form) + 1e-12));
  }
  CHECK(worst < 1e-9);
}

TEST_CASE("-Ω∇f/β is the flow up to the square of ξ") {
  Random random(623);
  const Network base = lyapunov_network(random, true);
  double previous = 0;
  for (const double xi : {0.1, 0.01, 0.001}) {
    Network network = base;
    for (Network::Branch& branch : network.branches) {
      branch.alpha = 0;
      branch.roff = branch.ron * (1 + xi);
    }
    const Circuit circuit = testing::circuit_of(network.deck() + ".op\n");
    const network::BranchNetwork branches = network::branch_network(circuit, ".functional", {});
    Functional functional(circuit, branches);
    network::MemristiveFlow flow(circuit, branches);
    flow.set_sources([](const network::BranchNetwork::SourceBranch& source) { return source.dc; });
    const VectorXd w = states(network);
    REQUIRE(flow.solve(as_span(w)));
    VectorXd rate(w.size());
    flow.rates(as_span(w), std::span(rate.data(), static_cast<std::size_t>(rate.size())));
    VectorXd gradient(w.size());
    for (Eigen::Index k = 0; k < w.size(); ++k) {
      VectorXd step = VectorXd::Zero(w.size());
      step[k] = 0.1;  // f is quadratic: a central difference is exact
      gradient[k] = (functional(as_span(w + step)).gradient - functional(as_span(w - step)).gradient) / 0.2;
    }
    const MatrixXd omega = projector(network, VectorXd::Constant(w.size(), 1));
    const double error = (rate + omega * gradient / 0.7).norm() / rate.norm();
    CHECK(error < xi * xi);
    if (previous > 0) CHECK(previous / error == testing::approx(100).epsilon(0.2));
    previous = error;
  }
}

TEST_CASE("what the Lyapunov function does not cover is named, with the reason") {
  const auto message = [](const std::string& body) -> std::string {
    try {
      testing::run_deck(body);
    } catch (const DeckError& error) {
      return error.what();
    }
    return "no error";
  };
  const std::string tail = ".tran 1m 1\n.functional\n";
  const std::string model = ".model m memristor ron=100 roff=1600\n";
  CHECK(message("V1 a 0 1\nY1 a b m\nY2 b 0 m active=1\n" + model + tail) ==
        "deck:4:1: error: .functional: 'y2' has a negative resistance\n"
        "  Y2 b 0 m active=1\n"
        "  ^~\n"
        "  hint: the Lyapunov function needs passive elements");
  CHECK(message("V1 a 0 1\nY1 a b m\nY2 b 0 m control=voltage\n" + model + tail) ==
        "deck:4:1: error: .functional: 'y2' is controlled by its voltage\n"
        "  Y2 b 0 m control=voltage\n"
        "  ^~\n"
        "  hint: the Lyapunov function needs control=current");
  CHECK(message("V1 a 0 1\nY1 a b m\nY2 b 0 m alpha=0.2\n" + model + tail) ==
        "deck:4:1: error: .functional: 'y2' has another alpha than 'y1'\n"
        "  Y2 b 0 m alpha=0.2\n"
        "  ^~\n"
        "  hint: the Lyapunov function needs one alpha for all memristors");
  CHECK(message("V1 a 0 SIN(0 1 1)\nY1 a b m\nY2 b 0 m\n" + model + tail) ==
        "deck:2:1: error: .functional: 'v1' varies in time\n"
        "  V1 a 0 SIN(0 1 1)\n"
        "  ^~\n"
        "  hint: the Lyapunov function needs constant sources: give it a DC value only");
  CHECK(message("V1 a 0 1\nY1 a b m\nC1 b 0 1u\n" + model + tail).find("'c1'") != std::string::npos);
}
