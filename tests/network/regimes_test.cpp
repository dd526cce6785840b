// The strongly non-linear regime, another basis of the states, and Rosen's step: formulas of the paper, as
// docs/theory.md corrects them, against the simulator on random networks of devices alike.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>
#include <functional>
#include <numbers>

#include "network/projector.hpp"
#include "support/approx.hpp"
#include "support/random_network.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using memspice::testing::Network;
using memspice::testing::Random;

namespace {

// Passive, J = 1, ron = 100 ohm, beta = 1 V s.
Network alike_network(Random& random, double emf, double xi, double alpha = 0) {
  Network network = testing::random_network(random, 2 + random.below(5), 1 + random.below(5), emf);
  for (Network::Branch& branch : network.branches) {
    branch.ron = 100;
    branch.roff = 100 * (1 + xi);
    branch.alpha = alpha;
    branch.beta = 1;
    branch.polarity = 1;
    branch.voltage_control = false;
  }
  return network;
}

VectorXd of_branches(const Network& network, const std::function<double(const Network::Branch&)>& value) {
  VectorXd values(static_cast<Index>(network.branches.size()));
  for (Index k = 0; k < values.size(); ++k) values[k] = value(network.branches[static_cast<std::size_t>(k)]);
  return values;
}
VectorXd emfs(const Network& network) {
  return of_branches(network, [](const auto& branch) { return branch.emf; });
}
VectorXd starts(const Network& network) {
  return of_branches(network, [](const auto& branch) { return branch.w0; });
}
VectorXd signs(const Network& network) {
  return of_branches(network, [](const auto& branch) { return branch.active ? -1.0 : 1.0; });
}

// B without the row of the grounded node; row r belongs to node r, or to r + 1 behind the grounded one.
MatrixXd cuts(const Network& network) {
  MatrixXd incidence = MatrixXd::Zero(network.nodes, static_cast<Index>(network.branches.size()));
  for (Index k = 0; k < incidence.cols(); ++k) {
    incidence(network.branches[static_cast<std::size_t>(k)].from, k) -= 1;
    incidence(network.branches[static_cast<std::size_t>(k)].to, k) += 1;
  }
  MatrixXd reduced(incidence.rows() - 1, incidence.cols());
  for (Index n = 0, row = 0; n < incidence.rows(); ++n)
    if (n != static_cast<Index>(network.grounded)) reduced.row(row++) = incidence.row(n);
  return reduced;
}

// A: any basis of the cycles will do, here an orthonormal one of the null space of B.
MatrixXd loops(const Network& network) {
  const MatrixXd b = cuts(network);
  const MatrixXd all = b.transpose().householderQr().householderQ();
  return all.rightCols(all.cols() - b.rows()).transpose();
}

// Of matrices whose entries are of order 1.
bool is_regular(const MatrixXd& matrix) {
  return matrix.fullPivLu().matrixLU().diagonal().cwiseAbs().minCoeff() > 0.02;
}

MatrixXd inverse(const MatrixXd& matrix) {
  return matrix.fullPivLu().inverse();
}

// The classical Runge-Kutta method, in equal steps.
VectorXd integrated(const std::function<VectorXd(const VectorXd&)>& rate, VectorXd x, double time,
                    int steps) {
  const double h = time / steps;
  for (int step = 0; step < steps; ++step) {
    const VectorXd a = rate(x), b = rate(x + h / 2 * a), c = rate(x + h / 2 * b), d = rate(x + h * c);
    x += h / 6 * (a + 2 * b + 2 * c + d);
  }
  return x;
}

VectorXd last_of(const testing::DeckRun& run, const char* pattern, Index count) {
  VectorXd values(count);
  for (Index k = 0; k < count; ++k) values[k] = run[fmt::format(fmt::runtime(pattern), k)].back();
  return values;
}

std::string transient(double time) {
  return fmt::format(".tran {} {}\n.options reltol=1e-9\n", time / 50, time);
}

double magnitude(const MatrixXd& matrix) {
  return matrix.size() == 0 ? 0 : matrix.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("[Eq 24, 25] as xi grows the resolvent tends to an oblique projector, on 500 random networks") {
  Random random(651);
  int oblique = 0, mixtures = 0;
  for (int trial = 0; trial < 500; ++trial) {
    Network network = alike_network(random, 1, 1);
    for (Network::Branch& branch : network.branches) branch.active = trial % 2 == 0 && random.coin();
    const VectorXd p = signs(network), w = starts(network), one = VectorXd::Ones(w.size());
    const MatrixXd a = loops(network);
    const auto weighted = [&](const VectorXd& d) -> MatrixXd { return a * d.asDiagonal() * a.transpose(); };
    if (!is_regular(weighted(p)) || !is_regular(weighted(p.cwiseProduct(w)))) continue;
    mixtures += magnitude(p - p[0] * one) > 0 ? 1 : 0;
    const auto projector = [&](const VectorXd& d) {
      const MatrixXd basis = a;
      return network::projector_from_loops(basis.sparseView(),
                                           std::span(d.data(), static_cast<std::size_t>(d.size())));
    };
    const MatrixXd omega = projector(p);
    const MatrixXd limit = projector(p.cwiseProduct(w));  // Aᵗ(A P W Aᵗ)⁻¹ A P W
    const MatrixXd unit = MatrixXd::Identity(w.size(), w.size());
    const MatrixXd product = omega * w.asDiagonal();
    const MatrixXd currents = a.transpose() * inverse(weighted(p.cwiseProduct(w))) * a * p.asDiagonal();
    double previous = 0, previous_current = 0;
    for (const double xi : {1e4, 1e5}) {
      // [Eq 25]: (1/xi + ΩW)⁻¹ΩW, and [Eq 24]: xi T(xi).
      const double error = magnitude(inverse(unit / xi + product) * product - limit);
      const double current_error = magnitude(xi * inverse(unit + xi * product) * omega - currents);
      CHECK(error < 1e3 / xi);
      if (previous > 1e-6) CHECK(previous / error == testing::approx(10).epsilon(0.05));
      if (previous_current > 1e-6)
        CHECK(previous_current / current_error == testing::approx(10).epsilon(0.05));
      previous = error;
      previous_current = current_error;
    }
    CHECK(magnitude(product * limit - product) <
          1e-9 * std::max(1.0, magnitude(limit)));  // [Eq 26] needs this
    // The Moore-Penrose inverse would make it symmetric.
    oblique += magnitude(limit - limit.transpose()) > 1e-3 ? 1 : 0;
  }
  CHECK(mixtures > 50);
  CHECK(oblique > 300);
}

TEST_CASE(
    "[Eq 24-26] the strong regime's own flow is the limit of the simulated one, on 60 random networks") {
  Random random(652);
  const double time = 0.2;
  int compared = 0;
  for (int trial = 0; trial < 60; ++trial) {
    Network network = alike_network(random, 0.1, 1);  // EMFs grow with ξ, which keeps the rates
    const MatrixXd a = loops(network);
    const VectorXd s = emfs(network);
    // β dw/dt = -Aᵗ(A W Aᵗ)⁻¹A S/ξ
    const VectorXd limit = integrated(
        [&](const VectorXd& w) -> VectorXd {
          return -a.transpose() * (a * w.asDiagonal() * a.transpose()).ldlt().solve(a * s);
        },
        starts(network), time, 200);
    double previous = 0;
    for (const double xi : {1e3, 1e4}) {
      for (std::size_t k = 0; k < network.branches.size(); ++k) {
        network.branches[k].emf = xi * s[static_cast<Index>(k)];
        network.branches[k].roff = 100 * (1 + xi);
      }
      const auto run = testing::run_deck(network.deck() + transient(time) + ".save w(y*) i(y*)\n");
      const VectorXd w = last_of(run, "w(y{})", s.size());
      REQUIRE(w.minCoeff() > 0.05);
      REQUIRE(w.maxCoeff() < 0.95);
      const double error = magnitude(w - limit);
      CHECK(error < 10 / xi);
      if (previous > 1e-5) {
        ++compared;
        CHECK(previous / error == testing::approx(10).epsilon(0.05));
      }
      previous = error;
      // [Eq 26]: ΩW dw/dt = -ΩS/(ξβ), short of Ω dw/dt/ξ.
      const VectorXd rate = -100 * last_of(run, "i(y{})", s.size());
      const MatrixXd omega = a.transpose() * (a * a.transpose()).ldlt().solve(a);
      const VectorXd left = omega * (w.cwiseProduct(rate) + s);
      CHECK(magnitude(left + omega * rate / xi) < 1e-8);
    }
  }
  CHECK(compared > 30);
}

TEST_CASE("[Eq 27, 28] k(t) is the flux of the potentials, on 60 random networks with sine sources") {
  Random random(653);
  const double time = 0.4, frequency = 1.7;
  for (int trial = 0; trial < 60; ++trial) {
    for (const double xi : {10.0, 1000.0}) {
      Network network = alike_network(random, 0.3 * xi, xi);
      std::string fluxes;
      for (std::uint32_t n = 0; n < network.nodes; ++n)
        if (n != network.grounded) fluxes += fmt::format("B{0} phi{0} 0 V={{idt(v(n{0}))}}\n", n);
      for (Network::Branch& branch : network.branches) branch.frequency = frequency;
      const auto run = testing::run_deck(network.deck() + fluxes + transient(time) + ".save w(y*) v(phi*)\n");
      const VectorXd w = last_of(run, "w(y{})", static_cast<Index>(network.branches.size()));
      const double turn = 2 * std::numbers::pi * frequency;
      const VectorXd flux = emfs(network) * (1 - std::cos(turn * time)) / turn;  // ∫S dt
      const MatrixXd b = cuts(network);
      VectorXd phi(b.rows());
      for (std::uint32_t n = 0, row = 0; n < network.nodes; ++n)
        if (n != network.grounded) phi[row++] = run[fmt::format("v(phi{})", n)].back();
      const VectorXd moved = w - starts(network);
      const VectorXd law = xi / 2 * (w.cwiseAbs2() - starts(network).cwiseAbs2()) + flux;
      const double scale = magnitude(flux);
      // Exact for every ξ: the term that [Eq 27] and [Eq 28] lack is β(w - w0).
      CHECK(magnitude(law + moved - b.transpose() * phi) < 1e-6 * scale);
      // [Eq 28] with (I - Ω)k = -Bᵗφ, and [Eq 27]: wrong by one part in ξ.
      const double missing = magnitude(law - b.transpose() * phi);
      CHECK(missing < 10 / xi * scale);
      const MatrixXd omega =
          MatrixXd::Identity(w.size(), w.size()) - b.transpose() * (b * b.transpose()).ldlt().solve(b);
      CHECK(magnitude(omega * law) < 10 / xi * scale);
      CHECK(magnitude(omega * (law + moved)) < 1e-6 * scale);
    }
  }
}

TEST_CASE(
    "[Eq 29] in any basis the transformed equation gives the simulated states, on 100 random networks") {
  Random random(654);
  const double time = 0.3, xi = 5, alpha = 0.2;
  int compared = 0, mixtures = 0;
  for (int trial = 0; trial < 100; ++trial) {
    Network network = alike_network(random, 0.5, xi, alpha);
    for (Network::Branch& branch : network.branches) branch.active = trial % 2 == 0 && random.coin();
    const VectorXd p = signs(network), w0 = starts(network);
    const MatrixXd a = loops(network), b = cuts(network);
    const Index n = w0.size();
    const MatrixXd one = MatrixXd::Identity(n, n);
    const MatrixXd metric = a * p.asDiagonal() * a.transpose();
    if (!is_regular(metric)) continue;
    const MatrixXd omega = a.transpose() * inverse(metric) * a * p.asDiagonal();
    if (!is_regular(metric + xi * a * p.cwiseProduct(w0).asDiagonal() * a.transpose())) continue;
    const auto run =
        testing::try_circuit(testing::circuit_of(network.deck() + transient(time) + ".save w(y*)\n"));
    if (run.analysis().outcome != Outcome::complete) continue;
    const VectorXd w = last_of(run, "w(y{})", n);
    if (w.minCoeff() < 0.05 || w.maxCoeff() > 0.95) continue;
    ++compared;
    mixtures += magnitude(p - p[0] * VectorXd::Ones(n)) > 0 ? 1 : 0;
    const VectorXd source = p.cwiseProduct(emfs(network));

    // A basis without any structure. O⁻¹WO is not diag(O⁻¹w).
    MatrixXd basis = one;
    for (double& entry : basis.reshaped()) entry += random.uniform(-0.5, 0.5) / static_cast<double>(n);
    const MatrixXd back = inverse(basis);
    const MatrixXd omega_there = back * omega * basis;
    const VectorXd source_there = back * source;
    const auto rate = [&](const VectorXd& x) -> VectorXd {
      const MatrixXd states_there = back * (basis * x).asDiagonal() * basis;
      return alpha * x -
             (one + xi * omega_there * states_there).partialPivLu().solve(omega_there * source_there);
    };
    CHECK(magnitude(basis * integrated(rate, back * w0, time, 600) - w) < 1e-6);

    // The basis in which Ω̄ is diagonal, O = [Aᵗ, P Bᵗ]: the cuts' coordinates only grow, and the L equations
    // of the loops' stand alone.
    const Index count = a.rows();
    MatrixXd split(n, n);
    split << a.transpose(), p.asDiagonal() * b.transpose();
    const MatrixXd unsplit = inverse(split);
    VectorXd diagonal = VectorXd::Zero(n);
    diagonal.head(count).setOnes();
    CHECK(magnitude(unsplit * omega * split - MatrixXd(diagonal.asDiagonal())) < 1e-9);
    const VectorXd x0 = unsplit * w0, x = unsplit * w;
    CHECK(magnitude(x.tail(n - count) - std::exp(alpha * time) * x0.tail(n - count)) < 1e-7);
    VectorXd extended(count + 1);  // and the time
    extended << x0.head(count), 0.0;
    const VectorXd source_loops = (unsplit * source).head(count);
    const auto loop_rate = [&](const VectorXd& y) -> VectorXd {
      VectorXd all(n);
      all << y.head(count), std::exp(alpha * y[count]) * x0.tail(n - count);
      const MatrixXd states_there = unsplit * (split * all).asDiagonal() * split;
      VectorXd rates(count + 1);
      rates << alpha * y.head(count) -
                   (MatrixXd::Identity(count, count) + xi * states_there.topLeftCorner(count, count))
                       .partialPivLu()
                       .solve(source_loops),
          1.0;
      return rates;
    };
    CHECK(magnitude(integrated(loop_rate, extended, time, 600).head(count) - x.head(count)) < 1e-6);
  }
  CHECK(compared > 60);
  CHECK(mixtures > 15);
}

TEST_CASE("[Eq 51-59] Rosen's direction is the steepest one that keeps B w, on 500 random networks") {
  Random random(655);
  for (int trial = 0; trial < 500; ++trial) {
    const double xi = 0.1;
    const Network network = alike_network(random, 1, xi);
    const MatrixXd b = cuts(network);
    const VectorXd s = emfs(network), w = starts(network);
    const VectorXd driving = s - b.transpose() * (b * b.transpose()).ldlt().solve(b * s);
    const VectorXd slope = s - xi * driving.cwiseProduct(w);                  // ∇f
    const VectorXd multiplier = (b * b.transpose()).ldlt().solve(b * slope);  // [Eq 58]
    const VectorXd projected = slope - b.transpose() * multiplier;
    const double size = projected.norm();
    REQUIRE(size > 1e-6);
    const VectorXd z = -projected / size;
    // [Eq 59] with 2μ = -‖Ω∇f‖: its sign is that of the descent.
    CHECK(magnitude(b * z) < 1e-12 / size);
    CHECK(z.norm() == testing::approx(1).epsilon(1e-12));
    CHECK(magnitude(slope - b.transpose() * multiplier + size * z) < 1e-12);  // [Eq 56]
    // [Eq 52-54] solved another way: on an orthonormal basis of the null space of B the constraint is gone.
    const MatrixXd free = loops(network).transpose();
    const VectorXd reduced = free.transpose() * slope;
    CHECK(magnitude(z + free * reduced.normalized()) < 1e-9 / size);
    // No other unit vector of the null space descends faster.
    VectorXd other(free.cols());
    for (double& entry : other) entry = random.uniform(-1, 1);
    CHECK((free * other.normalized()).dot(slope) >= z.dot(slope) - 1e-12);
  }
}

TEST_CASE("[Eq 51, 60] Rosen's steps follow the simulated states, and the multipliers are the potentials") {
  Random random(656);
  const double time = 0.2;
  int compared = 0;
  for (int trial = 0; trial < 40; ++trial) {
    Network network = alike_network(random, 0.5, 1);
    const MatrixXd b = cuts(network);
    const Eigen::LDLT<MatrixXd> laplacian = (b * b.transpose()).ldlt();
    const VectorXd s = emfs(network), w0 = starts(network);
    const VectorXd driving = s - b.transpose() * laplacian.solve(b * s);
    double previous = 0, previous_potential = 0;
    for (const double xi : {0.1, 0.01}) {
      for (Network::Branch& branch : network.branches) branch.roff = 100 * (1 + xi);
      const auto slope = [&](const VectorXd& w) -> VectorXd { return s - xi * driving.cwiseProduct(w); };
      const auto f = [&](const VectorXd& w) { return s.dot(w) - xi / 2 * driving.dot(w.cwiseAbs2()); };
      constexpr int steps = 4000;
      VectorXd w = w0;
      for (int step = 0; step < steps; ++step) {
        const VectorXd gradient = slope(w);
        const VectorXd projected = gradient - b.transpose() * laplacian.solve(b * gradient);
        const double size = projected.norm();
        const double length = time / steps * size;  // dt ‖Ω∇f‖/β
        const VectorXd next = w + length * (-projected / size);
        if (step % 500 == 0) CHECK(f(next) < f(w));
        w = next;
      }
      CHECK(magnitude(b * (w - w0)) < 1e-12);  // B w = B w(0), not 0 as [Eq 50] has it
      const auto run = testing::run_deck(network.deck() + transient(time) + ".save w(y*) v(n*)\n");
      const double error = magnitude(w - last_of(run, "w(y{})", s.size()));
      const VectorXd multiplier = laplacian.solve(b * slope(w0));
      double potential_error = 0;
      for (std::uint32_t n = 0, row = 0; n < network.nodes; ++n)
        if (n != network.grounded)
          potential_error =
              std::max(potential_error, std::abs(run[fmt::format("v(n{})", n)].front() - multiplier[row++]));
      CHECK(error < 0.2 * xi * xi);
      CHECK(potential_error < xi * xi);
      if (previous > 1e-5) {
        ++compared;
        CHECK(previous / error == testing::approx(100).epsilon(0.2));
      }
      if (previous_potential > 1e-5)
        CHECK(previous_potential / potential_error == testing::approx(100).epsilon(0.2));
      previous = error;
      previous_potential = potential_error;
    }
  }
  CHECK(compared > 20);
}
