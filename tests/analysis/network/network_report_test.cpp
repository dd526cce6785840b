// What `.network` reports of tree response, split of the sources and resolvent, on random networks, against
// the simulator's own currents and against matrices formed another way.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "solver/dense_eigenvalues.hpp"
#include "support/approx.hpp"
#include "support/random_network.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using memspice::testing::Network;
using memspice::testing::Random;

namespace {

NetworkReport network_report(const std::string& deck) {
  return testing::run_deck(deck + ".network\n").report.network.value();
}

Network report_network(Random& random) {
  return testing::random_network(random, 2 + random.below(7), 1 + random.below(7), 1);
}

MatrixXd incidence_of(const Network& network) {
  MatrixXd incidence = MatrixXd::Zero(network.nodes, static_cast<Eigen::Index>(network.branches.size()));
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    incidence(network.branches[k].from, static_cast<Eigen::Index>(k)) -= 1;
    incidence(network.branches[k].to, static_cast<Eigen::Index>(k)) += 1;
  }
  return incidence;
}

// The same sources with 1 ohm in place of each memristor, which keeps its number: i = ΩS by Kirchhoff's laws.
std::string unit_resistors(const Network& network) {
  std::string text;
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    const Network::Branch& b = network.branches[k];
    text += fmt::format("V{0} x{0} {1} DC {2:.17g}\nRy{0} x{0} {3} 1\n", k, network.node(b.from), b.emf,
                        network.node(b.to));
  }
  return text;
}

// Resistors with an EMF in series, a bare voltage source and a current source between nodes of the network.
std::string further_elements(Random& random, const Network& network, double resistance) {
  const auto ends = [&] {
    const std::uint32_t a = random.below(network.nodes);
    const std::uint32_t b = (a + 1 + random.below(network.nodes - 1)) % network.nodes;
    return std::pair(network.node(a), network.node(b));
  };
  std::string text;
  for (int n = 0; n < 2; ++n) {
    const auto [a, b] = ends();
    text += fmt::format("Vr{0} z{0} {1} DC {2:.17g}\nR{0} z{0} {3} {4}\n", n, a, random.uniform(-1, 1), b,
                        resistance);
  }
  const auto [a, b] = ends();
  return text + fmt::format("Vbare {} {} DC {:.17g}\n", a, b, random.uniform(-1, 1));
}

// The largest distance of two spectra, each value matched with the nearest unused one.
double spectral_distance(const std::vector<std::complex<double>>& a, std::vector<std::complex<double>> b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (const auto value : a) {
    const auto nearest = std::ranges::min_element(b, {}, [&](auto other) { return std::abs(value - other); });
    largest = std::max(largest, std::abs(value - *nearest));
    b.erase(nearest);
  }
  return largest;
}

}  // namespace

TEST_CASE("the tree response makes the tree's currents of the chords', on 500 random networks") {
  Random random(641);
  for (int trial = 0; trial < 500; ++trial) {
    const Network network = report_network(random);
    const auto run = testing::run_deck(network.deck() + ".op\n.network\n.save i(y*)\n");
    const NetworkReport::TreeResponse& response = run.report.network->tree_response;
    REQUIRE(response.rows == network.nodes - 1);
    REQUIRE(response.columns == network.branches.size() - network.nodes + 1);
    REQUIRE(response.tree.size() == response.rows);
    REQUIRE(response.chords.size() == response.columns);
    // Kirchhoff's current law, in integers: B_T Q_T = -B_C for the branches of these names.
    const MatrixXd incidence = incidence_of(network);
    const auto column = [&](const std::string& name) -> VectorXd {
      return incidence.col(std::stoi(name.substr(1)));
    };
    std::size_t entries = 0;
    for (std::size_t c = 0; c < response.columns; ++c) {
      VectorXd sum = column(response.chords[c]);
      for (std::size_t t = 0; t < response.rows; ++t) {
        sum += response.matrix[t][c] * column(response.tree[t]);
        entries += response.matrix[t][c] != 0 ? 1 : 0;
      }
      CHECK(sum.cwiseAbs().maxCoeff() == 0);
    }
    CHECK(response.entries == entries);
    // And the currents that the circuit has.
    const auto current = [&](const std::string& name) { return run["i(" + name + ")"][0]; };
    for (std::size_t t = 0; t < response.rows; ++t) {
      double sum = 0;
      for (std::size_t c = 0; c < response.columns; ++c)
        sum += response.matrix[t][c] * current(response.chords[c]);
      CHECK(std::abs(sum - current(response.tree[t])) < 1e-12);
    }
  }
}

TEST_CASE("Omega S is the currents through resistances of 1 ohm, on 500 random networks") {
  Random random(642);
  double worst = 0;
  for (int trial = 0; trial < 500; ++trial) {
    const Network network = report_network(random);
    const bool further = trial % 2 == 0;  // resistors with EMFs, a bare voltage source
    Random same = random;
    const std::string given = further ? further_elements(random, network, 300) : "";
    const std::string unit = further ? further_elements(same, network, 1) : "";
    const NetworkReport report = network_report(network.deck() + given);
    REQUIRE(report.source_split.has_value());
    const NetworkReport::SourceSplit& split = *report.source_split;
    REQUIRE(split.branches.size() == network.branches.size() + (further ? 2 : 0));
    const auto run = testing::run_deck(unit_resistors(network) + unit + ".op\n.save i(r*)\n");
    double emf = 0, driving = 0, gauge = 0, inner = 0;
    for (const auto& branch : split.branches) {
      const std::string name = branch.name[0] == 'y' ? "r" + branch.name : branch.name;
      worst = std::max(worst, std::abs(branch.driving - run["i(" + name + ")"][0]));
      CHECK(branch.emf == testing::approx(branch.driving + branch.gauge).epsilon(1e-12));
      emf += branch.emf * branch.emf;
      driving += branch.driving * branch.driving;
      gauge += branch.gauge * branch.gauge;
      inner += branch.driving * branch.gauge;
    }
    CHECK(std::abs(inner) < 1e-12);
    CHECK(split.norm == testing::approx(std::sqrt(emf)).epsilon(1e-12));
    CHECK(split.driving_norm == testing::approx(std::sqrt(driving)).epsilon(1e-12));
    CHECK(split.gauge_norm == testing::approx(std::sqrt(gauge)).epsilon(1e-12));
  }
  CHECK(worst < 1e-12);
}

TEST_CASE("the driving part alone gives the same currents, the other part none, on 300 random networks") {
  Random random(643);
  for (int trial = 0; trial < 300; ++trial) {
    Network network = report_network(random);
    const NetworkReport::SourceSplit split = network_report(network.deck()).source_split.value();
    const auto currents = [&](const auto& emf_of) {
      for (std::size_t k = 0; k < network.branches.size(); ++k)
        network.branches[k].emf = emf_of(split.branches[k]);
      const auto run = testing::run_deck(network.deck() + ".op\n.save i(y*)\n");
      VectorXd found(static_cast<Eigen::Index>(network.branches.size()));
      for (Eigen::Index k = 0; k < found.size(); ++k) found[k] = run[fmt::format("i(y{})", k)][0];
      return found;
    };
    const VectorXd all = currents([](const auto& branch) { return branch.emf; });
    const VectorXd driven = currents([](const auto& branch) { return branch.driving; });
    const VectorXd gauged = currents([](const auto& branch) { return branch.gauge; });
    const double scale = 1.0 / 50;  // A: 1 V through the smallest ron
    CHECK((driven - all).cwiseAbs().maxCoeff() < 1e-12 * scale);
    CHECK(gauged.cwiseAbs().maxCoeff() < 1e-12 * scale);
  }
}

TEST_CASE("the resolvent has the spectrum of the dense (I + Omega^ Xi W)^-1, on 500 random networks") {
  Random random(644);
  int complex = 0, mixtures = 0;
  double worst = 0;
  for (int trial = 0; trial < 500; ++trial) {
    Network network = report_network(random);
    const bool mixed = trial % 2 == 0;
    const bool all_active = trial % 4 == 1;
    for (Network::Branch& b : network.branches) b.active = all_active || (mixed && random.coin());
    const auto n = static_cast<Eigen::Index>(network.branches.size());
    VectorXd base(n), growth(n);  // D and ΞW
    for (Eigen::Index k = 0; k < n; ++k) {
      const Network::Branch& b = network.branches[static_cast<std::size_t>(k)];
      base[k] = b.active ? -b.ron : b.ron;
      growth[k] = (b.roff / b.ron - 1) * b.w0;
    }
    const MatrixXd b = incidence_of(network).topRows(network.nodes - 1);
    const MatrixXd g = base.cwiseInverse().asDiagonal();
    const Eigen::FullPivLU<MatrixXd> nodes(b * g * b.transpose());
    if (nodes.rcond() < 1e-3) continue;
    const MatrixXd one = MatrixXd::Identity(n, n);
    const MatrixXd projector = one - g * b.transpose() * nodes.solve(b);
    const MatrixXd inverse = one + projector * growth.asDiagonal();
    const Eigen::FullPivLU<MatrixXd> factors(inverse);
    if (factors.rcond() < 1e-4) continue;
    const MatrixXd resolvent = factors.inverse();

    const NetworkReport::Resolvent found = network_report(network.deck()).resolvent.value();
    CHECK(found.values.size() == network.branches.size() - network.nodes + 1);
    CHECK(found.ones == network.nodes - 1);
    auto all = found.values;
    all.resize(all.size() + found.ones, 1.0);
    const Eigen::VectorXcd dense = dense_eigenvalues(resolvent, false).values;
    worst =
        std::max(worst, spectral_distance(all, {dense.begin(), dense.end()}) / dense.cwiseAbs().maxCoeff());
    const bool real = std::ranges::all_of(all, [](auto value) { return value.imag() == 0; });
    if (!mixed) {
      CHECK(real);
      for (const auto value : found.values) CHECK((value.real() > 0 && value.real() < 1));
    }
    mixtures += mixed ? 1 : 0;
    complex += real ? 0 : 1;
  }
  CHECK(worst < 1e-7);
  CHECK(mixtures > 100);
  CHECK(complex > 5);
}

TEST_CASE("a resolvent that does not exist or is too large has the reason") {
  const std::string model = ".model m memristor(ron=100 roff=1600 w0=0.3)\n";
  const auto reason = [&](const std::string& deck) {
    const NetworkReport report = network_report(model + deck);
    CHECK(!report.resolvent.has_value());
    std::map<std::string, std::string> reasons(report.reasons.begin(), report.reasons.end());
    return reasons["resolvent"];
  };
  CHECK(reason("Y1 a 0 m\nY2 a 0 m active=1\n") ==
        "positive and negative resistances cancel, A R A^t is singular");
  std::string pairs;
  for (int k = 0; k <= 401; ++k)
    pairs += fmt::format("Y{0}a n{0} 0 m\n", k) + fmt::format("Y{0}b n{0} 0 m\n", k);
  CHECK(reason(pairs) == "a dense matrix of 402 loops is over the limit of 400");
  // Where the projector alone is missing the resolvent still exists: A D Aᵗ is singular, A R Aᵗ is not.
  const NetworkReport report = network_report(model + "Y1 a 0 m w0=0.6\nY2 a 0 m active=1\n");
  CHECK(!report.projector_rank.has_value());
  REQUIRE(report.resolvent.has_value());
  CHECK(report.resolvent->values == std::vector<std::complex<double>>{0.0});
}

TEST_CASE("large networks keep the norms and leave the lists out") {
  std::string deck = ".model m memristor(ron=100 roff=1600)\n";
  for (int k = 0; k < 101; ++k) deck += fmt::format("Y{} n{} n{} m\n", k, k, (k + 1) % 101);
  const NetworkReport report = network_report(deck + "V1 n0 0 2\nY101 n0 0 m\n");
  CHECK(report.tree_response.rows == 100);
  CHECK(report.tree_response.columns == 2);
  CHECK(report.tree_response.entries == 100);
  CHECK(report.tree_response.matrix.empty());
  CHECK(report.source_split->branches.empty());
  CHECK(report.source_split->norm == testing::approx(2));
  CHECK(report.source_split->driving_norm == testing::approx(2));  // the whole of it, around one loop
  CHECK(report.source_split->gauge_norm == testing::approx(0));
}

TEST_CASE("a large expander has no split of its sources, with the reason") {
  Random random(645);
  constexpr std::uint32_t nodes = 60'000;
  std::string deck = ".model m memristor(ron=100 roff=1600)\nV1 v 0 1\nY v n0 m\nY0 n0 0 m\n";
  for (int ring = 0; ring < 2; ++ring) {
    std::vector<std::uint32_t> order(nodes);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), random.engine());
    for (std::uint32_t n = 0; n < nodes; ++n)
      deck += fmt::format("Y{}_{} n{} n{} m\n", ring, n, order[n], order[(n + 1) % nodes]);
  }
  const NetworkReport report = network_report(deck);
  CHECK(!report.source_split.has_value());
  const std::map<std::string, std::string> reasons(report.reasons.begin(), report.reasons.end());
  CHECK(reasons.at("source_split")
            .starts_with(
                "the graph is too well connected for a sparse factorisation: the factors would take "));
}
