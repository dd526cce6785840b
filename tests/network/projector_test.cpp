#include "network/projector.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "memspice/error.hpp"
#include "network/random_graph.hpp"
#include "network/topology.hpp"
#include "support/approx.hpp"

using namespace memspice;
using namespace memspice::network;
using namespace memspice::testing;

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double tight = 1e-10;

struct Sample {
  std::uint32_t nodes = 0;
  std::vector<GraphBranch> branches;
  std::vector<double> resistance;  // ohm

  [[nodiscard]] std::size_t size() const { return branches.size(); }
  [[nodiscard]] Eigen::Index columns() const { return static_cast<Eigen::Index>(branches.size()); }
  [[nodiscard]] SpanningForest forest() const {
    return {nodes, branches, std::vector<std::uint8_t>(branches.size(), 0)};
  }
  [[nodiscard]] MatrixXd omega() const {
    return projector_from_loops(cycle_matrix(forest()), std::vector<double>(size(), 1.0));
  }
  [[nodiscard]] MatrixXd projector() const {
    return projector_from_loops(cycle_matrix(forest()), resistance);
  }
};

// Resistances between 50 and 200 ohm.
Sample random_sample(std::mt19937_64& random) {
  Sample sample;
  sample.nodes = 1 + static_cast<std::uint32_t>(random() % 10);
  sample.branches = random_graph(random, sample.nodes, 1 + random() % 12);
  for (std::size_t k = 0; k < sample.size(); ++k) sample.resistance.push_back(uniform(random, 50, 200));
  return sample;
}

void for_samples(unsigned seed, const std::function<void(std::mt19937_64&, Sample&)>& check) {
  std::mt19937_64 random(seed);
  for (int trial = 0; trial < 1000; ++trial) {
    Sample sample = random_sample(random);
    check(random, sample);
  }
}

void flip_signs(std::mt19937_64& random, std::vector<double>& values) {
  for (double& value : values) value *= random() % 2 == 0 ? 1 : -1;
}

double largest_entry(const MatrixXd& matrix) {
  return matrix.size() == 0 ? 0 : matrix.cwiseAbs().maxCoeff();
}

std::vector<double> random_values(std::mt19937_64& random, std::size_t count) {
  std::vector<double> values(count);
  for (double& value : values) value = uniform(random, -1, 1);
  return values;
}

Eigen::Map<const VectorXd> map(const std::vector<double>& values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

// Currents of Kirchhoff's equations as they stand, in currents and potentials together.
VectorXd kirchhoff(const Sample& sample, const std::vector<double>& resistance,
                   const std::vector<double>& emf) {
  const MatrixXd incidence = reduced_incidence(sample.nodes, sample.branches).matrix;
  const auto count = incidence.cols();
  const auto rows = incidence.rows();
  MatrixXd tableau = MatrixXd::Zero(count + rows, count + rows);
  tableau.topLeftCorner(rows, count) = incidence;
  tableau.bottomLeftCorner(count, count) = map(resistance).asDiagonal();
  tableau.bottomRightCorner(count, rows) = incidence.transpose();
  VectorXd right = VectorXd::Zero(count + rows);
  right.tail(count) = map(emf);
  return tableau.partialPivLu().solve(right).head(count);
}

}  // namespace

TEST_CASE("Omega from loops is Omega from nodes, a symmetric projector of rank L, for 1,000 random graphs") {
  for_samples(51, [](auto&, const Sample& sample) {
    const MatrixXd omega = sample.omega();
    const SparseMatrix incidence = reduced_incidence(sample.nodes, sample.branches).matrix;
    const std::vector<double> ones(sample.size(), 1.0);
    CHECK(largest_entry(omega - projector_from_nodes(incidence, ones)) <= tight);
    CHECK(largest_entry(omega * omega - omega) <= tight);
    CHECK(largest_entry(omega - omega.transpose()) <= tight);
    CHECK(largest_entry(incidence * omega) <= tight);
    const auto loops = static_cast<double>(sample.size() - sample.nodes + 1);
    CHECK(omega.trace() == testing::approx(loops).epsilon(tight));
    FoldedNetwork network;
    network.branches = sample.branches;
    network.memristor_count = network.resistive_count = sample.size();
    network.kinds.assign(sample.size(), BranchKind::resistive);
    for (std::uint32_t n = 0; n < sample.nodes; ++n) network.nodes.push_back(n);
    Eigen::FullPivLU<MatrixXd> lu(omega);
    lu.setThreshold(1e-9);
    const auto rank = largest_entry(omega) < 1e-9 ? 0.0 : static_cast<double>(lu.rank());
    CHECK(effective_memory(network).current == testing::approx(rank / static_cast<double>(sample.size())));
    CHECK(projector_facts(sample.nodes, sample.branches, ones).rank.value == static_cast<std::size_t>(rank));
  });
}

TEST_CASE(
    "with active branches the projector exists as projector_facts says and is a projector, for 1,000 random "
    "graphs") {
  int regular = 0;
  int singular = 0;
  for_samples(52, [&](auto& random, Sample& sample) {
    sample.resistance.assign(sample.size(), 1.0);
    flip_signs(random, sample.resistance);
    const SparseMatrix cycles = cycle_matrix(sample.forest());
    const MatrixXd loops =
        MatrixXd(cycles) * map(sample.resistance).asDiagonal() * MatrixXd(cycles).transpose();
    const bool exists = std::abs(loops.determinant()) > 0.5;  // a determinant of integers
    const ProjectorFacts facts = projector_facts(sample.nodes, sample.branches, sample.resistance);
    ProjectorOperator sparse(sample.nodes, sample.branches);
    CHECK(facts.rank.value.has_value() == exists);
    CHECK(facts.symmetric.value.has_value() == exists);
    CHECK(sparse.factorise(sample.resistance) == exists);
    const SparseMatrix incidence = reduced_incidence(sample.nodes, sample.branches).matrix;
    if (!exists) {
      ++singular;
      CHECK(facts.rank.reason ==
            "the projector does not exist: positive and negative resistances cancel, A D A^t is singular");
      CHECK_THROWS_AS(projector_from_loops(cycles, sample.resistance), SimulationError);
      CHECK_THROWS_AS(projector_from_nodes(incidence, sample.resistance), SimulationError);
      return;
    }
    ++regular;
    const MatrixXd projector = sample.projector();
    const double scale = std::max(1.0, largest_entry(projector));
    CHECK(largest_entry(projector * projector - projector) <= tight * scale * scale);
    CHECK(largest_entry(projector - projector_from_nodes(incidence, sample.resistance)) <=
          tight * scale * scale);
    CHECK(facts.rank.value == static_cast<std::size_t>(loops.rows()));
    CHECK(projector.trace() == testing::approx(static_cast<double>(loops.rows())).epsilon(1e-9));
    CHECK(facts.symmetric.value == (largest_entry(projector - projector.transpose()) <= 1e-9));
    const Blocks blocks = find_blocks(sample.nodes, sample.branches);
    bool constant = true;
    for (std::size_t j = 0; j < sample.size(); ++j) {
      for (std::size_t k = 0; k < j; ++k)
        constant =
            constant && (blocks.block[j] != blocks.block[k] || sample.resistance[j] == sample.resistance[k]);
    }
    CHECK(facts.symmetric.value == constant);
  });
  CHECK(regular > 300);
  CHECK(singular > 100);
}

TEST_CASE("the complete graph of four nodes has no projector for 30 of its 64 sign patterns") {
  const std::vector<GraphBranch> k4{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}};
  int missing = 0;
  for (int pattern = 0; pattern < 64; ++pattern) {
    std::vector<double> signs;
    for (int k = 0; k < 6; ++k) signs.push_back((pattern >> k & 1) != 0 ? -1 : 1);
    missing += projector_facts(4, k4, signs).rank.value ? 0 : 1;
  }
  CHECK(missing == 30);
}

TEST_CASE("an even ring, half of it active, has no projector however long it is") {
  for (const std::uint32_t length : {2u, 10u, 1000u, 100'000u}) {
    std::vector<GraphBranch> ring;
    std::vector<double> signs;
    for (std::uint32_t n = 0; n < length; ++n) {
      ring.push_back({n, (n + 1) % length});
      signs.push_back(n * 7 % length < length / 2 ? -1 : 1);
    }
    CHECK(!projector_facts(length, ring, signs).rank.value);
    signs[0] *= 1.5;
    CHECK(projector_facts(length, ring, signs).rank.value == 1u);
  }
}

TEST_CASE(
    "different resistances: symmetric exactly if they are equal on every block, for 1,000 random graphs") {
  int symmetric = 0;
  for_samples(53, [&](auto& random, Sample& sample) {
    if (random() % 2 == 0) {  // equal on every block
      const Blocks blocks = find_blocks(sample.nodes, sample.branches);
      const auto values = sample.resistance;
      for (std::size_t k = 0; k < sample.size(); ++k)
        sample.resistance[k] = values[blocks.block[k] % values.size()];
    }
    const MatrixXd projector = sample.projector();
    const bool found = largest_entry(projector - projector.transpose()) <= 1e-9;
    CHECK(projector_facts(sample.nodes, sample.branches, sample.resistance).symmetric.value == found);
    symmetric += found ? 1 : 0;
  });
  CHECK(symmetric > 400);
  CHECK(symmetric < 800);
}

TEST_CASE("the sparse operator and its transpose are the dense projector's, for 1,000 random graphs") {
  for_samples(54, [](auto& random, Sample& sample) {
    if (random() % 4 == 0)
      for (double& r : sample.resistance) r = -r;
    if (random() % 4 == 0) flip_signs(random, sample.resistance);
    const MatrixXd projector = sample.projector();
    const double scale = std::max(1.0, largest_entry(projector));
    ProjectorOperator sparse(sample.nodes, sample.branches);
    REQUIRE(sparse.factorise(sample.resistance));
    const auto x = random_values(random, sample.size());
    std::vector<double> y(sample.size());
    sparse.apply(x, y);
    CHECK(largest_entry(map(y) - projector * map(x)) <= tight * scale * scale);
    sparse.apply_transposed(x, y);
    CHECK(largest_entry(map(y) - projector.transpose() * map(x)) <= tight * scale * scale);
  });
}

TEST_CASE(
    "Omega^ gives the currents of Kirchhoff's equations for devices that all differ, for 1,000 random "
    "graphs") {
  for_samples(55, [](auto& random, Sample& sample) {
    if (random() % 2 == 0) flip_signs(random, sample.resistance);
    const auto emf = random_values(random, sample.size());
    const MatrixXd projector = sample.projector();
    ProjectorOperator sparse(sample.nodes, sample.branches);
    REQUIRE(sparse.factorise(sample.resistance));
    std::vector<double> current(sample.size());
    sparse.currents(emf, current);
    const VectorXd exact = kirchhoff(sample, sample.resistance, emf);
    const double conditioned = 1e-9 * std::max(1.0, largest_entry(projector));
    CHECK(largest_entry(map(current) - exact) <= conditioned * largest_entry(exact));

    // R = D (1 + ξ w), ξ and w different everywhere: i = (I + Ω̂ Ξ W)⁻¹ Ω̂ D⁻¹ S.
    VectorXd growth(sample.columns());
    std::vector<double> resistance = sample.resistance;
    for (std::size_t k = 0; k < sample.size(); ++k) {
      growth[static_cast<Eigen::Index>(k)] = uniform(random, 0, 3);
      resistance[k] *= 1 + growth[static_cast<Eigen::Index>(k)];
    }
    const MatrixXd matrix =
        MatrixXd::Identity(sample.columns(), sample.columns()) + projector * growth.asDiagonal();
    const Eigen::PartialPivLU<MatrixXd> lu(matrix);
    if (lu.rcond() < 1e-6) return;
    const VectorXd closed = lu.solve(projector * map(emf).cwiseQuotient(map(sample.resistance)));
    const VectorXd grown = kirchhoff(sample, resistance, emf);
    CHECK(largest_entry(closed - grown) <= conditioned / lu.rcond() * 1e-2 * largest_entry(grown));
  });
}

TEST_CASE("the projectors do not depend on the tree or the cycle basis, for 1,000 random graphs") {
  for_samples(56, [](auto& random, const Sample& sample) {
    std::vector<std::uint8_t> rank(sample.size());
    for (auto& r : rank) r = static_cast<std::uint8_t>(random() % 4);
    const SpanningForest other(sample.nodes, sample.branches, rank);
    const MatrixXd projector = sample.projector();
    CHECK(largest_entry(projector - projector_from_loops(cycle_matrix(other), sample.resistance)) <= tight);
    std::vector<Eigen::Triplet<double>> entries;
    const auto cycles = other.short_cycles(other.chords());
    for (std::size_t loop = 0; loop < cycles.size(); ++loop) {
      for (const auto& [branch, sign] : cycles[loop])
        entries.emplace_back(static_cast<int>(loop), static_cast<int>(branch), sign);
    }
    SparseMatrix basis(static_cast<Eigen::Index>(cycles.size()), sample.columns());
    basis.setFromTriplets(entries.begin(), entries.end());
    CHECK(largest_entry(projector - projector_from_loops(basis, sample.resistance)) <= tight);
  });
}

TEST_CASE("orientation flips D turn the projector into D Omega D, for 1,000 random graphs") {
  for_samples(57, [](auto& random, const Sample& sample) {
    Sample flipped = sample;
    VectorXd flip(sample.columns());
    for (std::size_t k = 0; k < sample.size(); ++k) {
      flip[static_cast<Eigen::Index>(k)] = random() % 2 == 0 ? 1 : -1;
      if (flip[static_cast<Eigen::Index>(k)] < 0) std::swap(flipped.branches[k].from, flipped.branches[k].to);
    }
    const MatrixXd expected = flip.asDiagonal() * sample.projector() * flip.asDiagonal();
    CHECK(largest_entry(flipped.projector() - expected) <= tight);
  });
}

TEST_CASE("relabelling branches and nodes permutes the projector, for 1,000 random graphs") {
  for_samples(58, [](auto& random, const Sample& sample) {
    std::vector<std::size_t> place(sample.size());
    std::iota(place.begin(), place.end(), std::size_t{0});
    std::shuffle(place.begin(), place.end(), random);
    std::vector<std::uint32_t> node(sample.nodes);
    std::iota(node.begin(), node.end(), 0u);
    std::shuffle(node.begin(), node.end(), random);
    Sample renamed = sample;
    for (std::size_t k = 0; k < sample.size(); ++k) {
      renamed.branches[place[k]] = {node[sample.branches[k].from], node[sample.branches[k].to]};
      renamed.resistance[place[k]] = sample.resistance[k];
    }
    const MatrixXd projector = sample.projector();
    CHECK(largest_entry(renamed.projector()(place, place) - projector) <= tight);
  });
}

TEST_CASE(
    "only the part Omega S of the sources drives currents, whatever the resistances, for 1,000 random "
    "graphs") {
  for_samples(59, [](auto& random, const Sample& sample) {
    const auto emf = random_values(random, sample.size());
    const SourceSplit split = split_sources(sample.nodes, sample.branches, emf);
    CHECK(largest_entry(map(split.driving) - sample.omega() * map(emf)) <= tight);
    CHECK(largest_entry(map(split.driving) + map(split.gauge) - map(emf)) <= tight);
    CHECK(std::abs(map(split.driving).dot(map(split.gauge))) <= tight);
    const VectorXd all = kirchhoff(sample, sample.resistance, emf);
    CHECK(largest_entry(kirchhoff(sample, sample.resistance, split.driving) - all) <=
          tight * largest_entry(all));
    CHECK(largest_entry(kirchhoff(sample, sample.resistance, split.gauge)) <= tight / 50);
  });
}

TEST_CASE("exactly the bridges have a row of zeros, for 1,000 random graphs") {
  for_samples(60, [](auto&, const Sample& sample) {
    const Blocks blocks = find_blocks(sample.nodes, sample.branches);
    const MatrixXd projector = sample.projector();
    for (std::size_t k = 0; k < sample.size(); ++k) {
      const double row = largest_entry(projector.row(static_cast<Eigen::Index>(k)));
      if (blocks.bridge[k]) {
        CHECK(row <= tight);
      } else {
        CHECK(row > 1e-3);
      }
    }
  });
}

TEST_CASE("a dense projector on too many branches is refused, with the way out") {
  const std::vector<double> ones(most_dense_branches + 1, 1.0);
  CHECK_THROWS_WITH_AS(
      projector_from_loops(SparseMatrix(1, 5001), ones),
      "a dense projector on 5001 branches would take 0.2 GB; the limit is 5000 branches "
      "(.network has its rank and symmetry, ProjectorOperator applies it without forming it)",
      SimulationError);
  CHECK_THROWS_AS(projector_from_nodes(SparseMatrix(1, 5001), ones), SimulationError);
}

TEST_CASE("large networks of both signs are refused with a reason, not tried") {
  constexpr std::uint32_t side = 400;
  std::vector<GraphBranch> branches;
  std::vector<double> equal;
  std::mt19937_64 random(61);
  for (std::uint32_t n = 0; n < side * side; ++n) {
    const auto add = [&](std::uint32_t to) {
      branches.push_back({n, to});
      equal.push_back(random() % 3 == 0 ? -1 : 1);
    };
    if (n % side + 1 < side) add(n + 1);
    if (n + side < side * side) add(n + side);
  }
  const ProjectorFacts facts = projector_facts(side * side, branches, equal);
  CHECK(!facts.rank.value);
  CHECK(!facts.symmetric.value);
  CHECK(facts.rank.reason ==
        "whether positive and negative resistances cancel is not known: the blocks with both have 319200 "
        "branches, "
        "too many to factorise with pivoting");
}
