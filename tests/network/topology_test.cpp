#include "network/topology.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/disjoint_sets.hpp"
#include "network/incidence.hpp"
#include "network/random_graph.hpp"
#include "support/approx.hpp"

using memspice::DisjointSets;
using namespace memspice::network;
using namespace memspice::testing;

namespace {

using Branches = std::vector<GraphBranch>;

// Not connected in general; parallel branches and self-loops included.
Branches any_graph(std::mt19937_64& random, std::uint32_t nodes, std::size_t count) {
  Branches branches;
  for (std::size_t k = 0; k < count; ++k)
    branches.push_back(
        {static_cast<std::uint32_t>(random() % nodes), static_cast<std::uint32_t>(random() % nodes)});
  return branches;
}

template <class Skip>
std::size_t components_without(std::uint32_t nodes, const Branches& branches, Skip skip) {
  DisjointSets sets(nodes);
  for (std::size_t k = 0; k < branches.size(); ++k) {
    if (!skip(k)) sets.join(branches[k].from, branches[k].to);
  }
  return sets.count();
}

// Two branches that meet at a node are in one block when their other ends are connected without the node; the
// transitive closure of this makes the blocks.
std::vector<std::uint32_t> blocks_by_definition(std::uint32_t nodes, const Branches& branches) {
  DisjointSets same(branches.size());
  for (std::uint32_t cut = 0; cut < nodes; ++cut) {
    DisjointSets parts(nodes);
    for (const auto& [a, b] : branches) {
      if (a != cut && b != cut) parts.join(a, b);
    }
    for (std::uint32_t j = 0; j < branches.size(); ++j) {
      for (std::uint32_t k = 0; k < j; ++k) {
        const auto meets = [&](const GraphBranch& b) { return (b.from == cut) != (b.to == cut); };
        if (!meets(branches[j]) || !meets(branches[k])) continue;
        const auto end = [&](const GraphBranch& b) { return b.from == cut ? b.to : b.from; };
        if (parts.find(end(branches[j])) == parts.find(end(branches[k]))) same.join(j, k);
      }
    }
  }
  std::vector<std::uint32_t> block;
  for (std::uint32_t k = 0; k < branches.size(); ++k) block.push_back(same.find(k));
  return block;
}

double trees_by_enumeration(std::uint32_t nodes, const Branches& branches) {
  double trees = 0;
  for (std::uint32_t set = 0; set < (1u << branches.size()); ++set) {
    if (static_cast<std::uint32_t>(std::popcount(set)) != nodes - 1) continue;
    if (components_without(nodes, branches, [&](std::size_t k) { return (set >> k & 1) == 0; }) == 1) ++trees;
  }
  return trees;
}

// A network in the folded order. Every resistive branch has an EMF.
struct Circuitry {
  FoldedNetwork network;
  Eigen::VectorXd resistance;
  Eigen::VectorXd emf;  // V; of driven branches: A
};

Circuitry random_circuitry(std::mt19937_64& random) {
  const auto nodes = 2 + static_cast<std::uint32_t>(random() % 8);
  Circuitry made;
  made.network.memristor_count = 1 + random() % 10;
  const std::size_t resistors = random() % 4;
  made.network.resistive_count = made.network.memristor_count + resistors;
  const std::size_t sources = random() % 3;
  const std::size_t driven = random() % 3;
  const std::size_t count = made.network.resistive_count + sources + driven;
  made.network.branches = any_graph(random, nodes, count);
  for (std::uint32_t n = 0; n < nodes; ++n) made.network.nodes.push_back(n);
  made.network.kinds.assign(count, BranchKind::resistive);
  for (std::size_t k = made.network.resistive_count; k < count; ++k)
    made.network.kinds[k] =
        k < made.network.resistive_count + sources ? BranchKind::source : BranchKind::driven;
  const auto size = static_cast<Eigen::Index>(count);
  made.resistance = Eigen::VectorXd::NullaryExpr(size, [&] { return uniform(random, 0.5, 2); });
  made.emf = Eigen::VectorXd::NullaryExpr(size, [&] { return uniform(random, -1, 1); });
  return made;
}

// Kirchhoff's equations for all currents i and potentials p, B i = 0 and one equation a branch.
struct Tableau {
  Eigen::MatrixXd matrix;
  Eigen::VectorXd right;
};

Tableau tableau_of(const Circuitry& made) {
  const Eigen::MatrixXd incidence =
      reduced_incidence(made.network.node_count(), made.network.branches).matrix;
  const auto count = incidence.cols();
  const auto rows = incidence.rows();
  Tableau tableau{Eigen::MatrixXd::Zero(count + rows, count + rows), Eigen::VectorXd::Zero(count + rows)};
  tableau.matrix.topLeftCorner(rows, count) = incidence;
  for (Eigen::Index k = 0; k < count; ++k) {
    const auto kind = made.network.kinds[static_cast<std::size_t>(k)];
    tableau.right[rows + k] = made.emf[k];
    if (kind == BranchKind::driven) {
      tableau.matrix(rows + k, k) = 1;
      continue;
    }
    tableau.matrix.row(rows + k).tail(rows) = incidence.col(k).transpose();  // p_b - p_a
    if (kind == BranchKind::resistive) tableau.matrix(rows + k, k) = made.resistance[k];
  }
  return tableau;
}

Eigen::Index rank_of(const Eigen::MatrixXd& matrix) {
  if (matrix.cwiseAbs().maxCoeff() < 1e-10) return 0;
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(matrix);
  qr.setThreshold(1e-9);
  return qr.rank();
}

Branches complete_graph(std::uint32_t nodes) {
  Branches branches;
  for (std::uint32_t a = 0; a < nodes; ++a) {
    for (std::uint32_t b = a + 1; b < nodes; ++b) branches.push_back({a, b});
  }
  return branches;
}

}  // namespace

TEST_CASE("bridges and components are what removing branches shows, for 1,000 random graphs") {
  std::mt19937_64 random(41);
  for (int trial = 0; trial < 1000; ++trial) {
    const auto nodes = 1 + static_cast<std::uint32_t>(random() % 12);
    const Branches branches = any_graph(random, nodes, random() % 20);
    const Blocks blocks = find_blocks(nodes, branches);
    CHECK(blocks.components == components_without(nodes, branches, [](std::size_t) { return false; }));
    std::size_t bridges = 0;
    for (std::size_t k = 0; k < branches.size(); ++k) {
      const auto without = components_without(nodes, branches, [k](std::size_t j) { return j == k; });
      CHECK(blocks.bridge[k] == (without > blocks.components));
      bridges += blocks.bridge[k] ? 1 : 0;
    }
    CHECK(blocks.bridges == bridges);
  }
}

TEST_CASE("2-connected blocks are those of the definition, for 1,000 random graphs") {
  std::mt19937_64 random(42);
  for (int trial = 0; trial < 1000; ++trial) {
    const auto nodes = 1 + static_cast<std::uint32_t>(random() % 10);
    const Branches branches = any_graph(random, nodes, random() % 16);
    const Blocks blocks = find_blocks(nodes, branches);
    const auto expected = blocks_by_definition(nodes, branches);
    std::vector<bool> used(blocks.count, false);
    for (std::size_t j = 0; j < branches.size(); ++j) {
      REQUIRE(blocks.block[j] < blocks.count);
      used[blocks.block[j]] = true;
      for (std::size_t k = 0; k < j; ++k)
        CHECK((blocks.block[j] == blocks.block[k]) == (expected[j] == expected[k]));
    }
    CHECK(std::ranges::find(used, false) == used.end());
  }
}

TEST_CASE("a chain of a million branches is a million bridges, and closed it is one block") {
  constexpr std::uint32_t length = 1'000'000;
  Branches chain;
  for (std::uint32_t n = 0; n < length; ++n) chain.push_back({n, n + 1});
  CHECK(find_blocks(length + 1, chain).bridges == length);
  chain.push_back({length, 0});
  const Blocks ring = find_blocks(length + 1, chain);
  CHECK(ring.bridges == 0);
  CHECK(ring.count == 1);
  // The chain's condition number is 10¹².
  const double trees = log_spanning_trees(length + 1, chain).value.value();
  CHECK(std::abs(trees - std::log(length + 1.0)) <= 1e-5);
}

TEST_CASE("spanning trees are counted as enumeration counts them, for 1,000 random graphs") {
  std::mt19937_64 random(43);
  for (int trial = 0; trial < 1000; ++trial) {
    const auto nodes = 1 + static_cast<std::uint32_t>(random() % 6);
    const Branches branches = random_graph(random, nodes, random() % 6);
    const auto found = log_spanning_trees(nodes, branches);
    CHECK(std::exp(found.value.value()) ==
          memspice::testing::approx(trees_by_enumeration(nodes, branches)).epsilon(1e-10));
  }
}

TEST_CASE("the number of spanning trees is det(B Bt), of all components together, for 1,000 random graphs") {
  std::mt19937_64 random(44);
  for (int trial = 0; trial < 1000; ++trial) {
    const auto nodes = 2 + static_cast<std::uint32_t>(random() % 20);
    const Branches branches = any_graph(random, nodes, random() % 60);
    const Eigen::MatrixXd incidence = reduced_incidence(nodes, branches).matrix;
    double expected = 0;
    if (incidence.rows() > 0) {
      const Eigen::LLT<Eigen::MatrixXd> factors(incidence * incidence.transpose());
      expected = 2 * Eigen::MatrixXd(factors.matrixL()).diagonal().array().log().sum();
    }
    CHECK(std::abs(log_spanning_trees(nodes, branches).value.value() - expected) <= 1e-9 * (1 + expected));
  }
}

TEST_CASE("Cayley: the complete graph of n nodes has n^(n-2) spanning trees") {
  for (const std::uint32_t n : {2u, 3u, 4u, 5u, 10u, 50u, 400u}) {
    const double found = log_spanning_trees(n, complete_graph(n)).value.value();
    CHECK(found == memspice::testing::approx((n - 2.0) * std::log(n)).epsilon(1e-12));
  }
}

TEST_CASE("a large expander is refused with a reason, not tried") {
  std::mt19937_64 random(45);
  constexpr std::uint32_t nodes = 100'000;
  Branches branches;
  for (int degree = 0; degree < 2; ++degree) {
    std::vector<std::uint32_t> order(nodes);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), random);
    for (std::uint32_t n = 0; n < nodes; ++n) branches.push_back({order[n], order[(n + 1) % nodes]});
  }
  const auto found = log_spanning_trees(nodes, branches);
  CHECK(!found.value);
  CHECK(found.reason.starts_with(
      "the graph is too well connected for a sparse factorisation: the factors would take "));
}

TEST_CASE(
    "effective memory is the rank of the Jacobian of currents and voltages, for 1,000 random circuits") {
  std::mt19937_64 random(46);
  int checked = 0;
  while (checked < 1000) {
    const Circuitry made = random_circuitry(random);
    const Tableau tableau = tableau_of(made);
    const Eigen::FullPivLU<Eigen::MatrixXd> lu(tableau.matrix);
    if (!lu.isInvertible()) continue;  // a loop of voltage sources or a cut of current sources
    ++checked;
    const Eigen::VectorXd solution = lu.solve(tableau.right);
    const auto memristors = static_cast<Eigen::Index>(made.network.memristor_count);
    const auto count = static_cast<Eigen::Index>(made.network.branch_count());
    const auto rows = solution.size() - count;
    // R_k i_k + p_b - p_a = S_k, differentiated with respect to R_k.
    Eigen::MatrixXd right = Eigen::MatrixXd::Zero(solution.size(), memristors);
    for (Eigen::Index k = 0; k < memristors; ++k)
      right(rows + k, k) = std::abs(solution[k]) < 1e-12 ? 0 : -solution[k];
    const Eigen::MatrixXd derivative = lu.solve(right);
    const Eigen::MatrixXd currents = derivative.topRows(memristors);
    const Eigen::MatrixXd incidence =
        reduced_incidence(made.network.node_count(), made.network.branches).matrix;
    const Eigen::MatrixXd voltages =
        -incidence.leftCols(memristors).transpose() * derivative.bottomRows(rows);
    const Blocks blocks = find_blocks(made.network.node_count(), made.network.branches);
    Eigen::Index bridges = 0;
    for (std::size_t k = 0; k < made.network.memristor_count; ++k) bridges += blocks.bridge[k] ? 1 : 0;
    const EffectiveMemory memory = effective_memory(made.network);
    const auto share = [&](Eigen::Index n) {
      return static_cast<double>(n) / static_cast<double>(memristors);
    };
    CHECK(memory.current == memspice::testing::approx(share(rank_of(currents))));
    CHECK(memory.voltage == memspice::testing::approx(share(rank_of(voltages) + bridges)));
  }
}

TEST_CASE("effective memory of memristors alone is L/M and (N-1)/M, for 1,000 random graphs") {
  std::mt19937_64 random(47);
  for (int trial = 0; trial < 1000; ++trial) {
    const auto nodes = 1 + static_cast<std::uint32_t>(random() % 12);
    FoldedNetwork network;
    network.branches = random_graph(random, nodes, 1 + random() % 15);
    network.memristor_count = network.resistive_count = network.branches.size();
    network.kinds.assign(network.branches.size(), BranchKind::resistive);
    for (std::uint32_t n = 0; n < nodes; ++n) network.nodes.push_back(n);
    const auto m = static_cast<double>(network.branches.size());
    const EffectiveMemory memory = effective_memory(network);
    CHECK(memory.current == memspice::testing::approx((m - nodes + 1) / m));
    CHECK(memory.voltage == memspice::testing::approx((nodes - 1) / m));
  }
}
