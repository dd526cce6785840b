#include "network/incidence.hpp"

#include <doctest/doctest.h>

#include "network/random_graph.hpp"

using namespace memspice::network;
using namespace memspice::testing;

namespace {

SpanningForest forest_of(std::size_t nodes, const std::vector<GraphBranch>& branches) {
  return {nodes, branches, std::vector<std::uint8_t>(branches.size(), 0)};
}

}  // namespace

TEST_CASE("incidence is +1 where a branch enters a node and -1 where it leaves, without node 0") {
  const std::vector<GraphBranch> branches{{0, 1}, {1, 2}, {2, 0}, {1, 1}};
  const Incidence incidence = reduced_incidence(3, branches);
  CHECK(incidence.nodes == std::vector<std::uint32_t>{1, 2});
  Eigen::MatrixXd expected(2, 4);
  expected << 1, -1, 0, 0, 0, 1, -1, 0;
  CHECK(Eigen::MatrixXd(incidence.matrix) == expected);
}

TEST_CASE("A Bt = 0 and the ranks of A and B add up to the branches, for 1,000 random graphs") {
  std::mt19937_64 random(31);
  for (int trial = 0; trial < 1000; ++trial) {
    const auto nodes = 1 + static_cast<std::uint32_t>(random() % 12);
    auto branches = random_graph(random, nodes, random() % 15);
    const auto separate = static_cast<std::uint32_t>(random() % 3);  // a second component at times
    if (separate > 0) branches.push_back({nodes + separate - 1, nodes});
    const SpanningForest forest = forest_of(nodes + separate, branches);
    const Incidence incidence = reduced_incidence(nodes + separate, branches);
    const SparseMatrix cycles = cycle_matrix(forest);
    CHECK(static_cast<std::size_t>(incidence.matrix.rows()) == nodes + separate - forest.components());
    CHECK(incidence.matrix.rows() + cycles.rows() == static_cast<Eigen::Index>(branches.size()));
    CHECK(Eigen::MatrixXd(SparseMatrix(cycles * incidence.matrix.transpose())).squaredNorm() == 0);
    CHECK(cycle_entries(forest, 1'000'000) == static_cast<std::size_t>(cycles.nonZeros()));
    if (incidence.matrix.rows() > 0)
      CHECK(Eigen::MatrixXd(incidence.matrix).fullPivLu().rank() == incidence.matrix.rows());
  }
}

TEST_CASE("the chords' currents give the tree's through Q_T = -B_T^-1 B_T~, for 1,000 random graphs") {
  std::mt19937_64 random(32);
  for (int trial = 0; trial < 1000; ++trial) {
    const auto nodes = 2 + static_cast<std::uint32_t>(random() % 12);
    const auto branches = random_graph(random, nodes, random() % 15);
    const TreeResponse response = tree_response(forest_of(nodes, branches));
    const Eigen::MatrixXd incidence = reduced_incidence(nodes, branches).matrix;
    const Eigen::MatrixXd tree = incidence(Eigen::all, response.tree);
    const Eigen::MatrixXd chords = incidence(Eigen::all, response.chord);
    Eigen::MatrixXd expected(tree.cols(), chords.cols());
    if (expected.size() > 0) expected = -tree.partialPivLu().solve(chords);
    CHECK(response.matrix.rows() == expected.rows());
    CHECK(response.matrix.cols() == expected.cols());
    if (expected.size() > 0)
      CHECK((Eigen::MatrixXd(response.matrix) - expected).cwiseAbs().maxCoeff() <= 1e-12);
  }
}
