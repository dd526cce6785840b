#include "network/graph.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "network/random_graph.hpp"
#include "support/approx.hpp"

using namespace memspice::network;
using namespace memspice::testing;

namespace {

std::vector<std::uint8_t> equal_ranks(std::size_t count) {
  return std::vector<std::uint8_t>(count, 0);
}

}  // namespace

TEST_CASE("a connected graph of N nodes and M branches has M - N + 1 chords") {
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 50; ++trial) {
    const auto nodes = 1 + static_cast<std::uint32_t>(random() % 30);
    const auto chords = random() % 40;
    const auto branches = random_graph(random, nodes, chords);
    const SpanningForest forest(nodes, branches, equal_ranks(branches.size()));
    CHECK(forest.components() == 1);
    CHECK(forest.chords().size() == branches.size() - nodes + 1);
  }
}

TEST_CASE("every fundamental cycle conserves current at every node") {
  std::mt19937_64 random(2);
  for (int trial = 0; trial < 50; ++trial) {
    const auto nodes = 2 + static_cast<std::uint32_t>(random() % 30);
    const auto branches = random_graph(random, nodes, random() % 40);
    const SpanningForest forest(nodes, branches, equal_ranks(branches.size()));
    const Eigen::MatrixXd incidence = reduced_incidence(branches, nodes);
    for (const auto chord : forest.chords()) {
      const auto cycle = forest.cycle(chord);
      CHECK(cycle.front().branch == chord);
      CHECK(cycle.front().sign == 1);
      Eigen::VectorXd current = Eigen::VectorXd::Zero(incidence.cols());
      for (const auto& [branch, sign] : cycle) current[branch] += sign;
      CHECK((incidence * current).cwiseAbs().maxCoeff() == 0);
      CHECK(current.cwiseAbs().sum() == memspice::testing::approx(static_cast<double>(cycle.size())));
      for (const auto& [branch, sign] : cycle) CHECK(forest.in_tree(branch) == (branch != chord));
    }
  }
}

TEST_CASE("a cut is met by every cycle as often one way as the other") {
  std::mt19937_64 random(3);
  const std::uint32_t nodes = 12;
  const auto branches = random_graph(random, nodes, 15);
  const SpanningForest forest(nodes, branches, equal_ranks(branches.size()));
  for (std::uint32_t k = 0; k < branches.size(); ++k) {
    if (!forest.in_tree(k)) continue;
    Eigen::VectorXd cut = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(branches.size()));
    for (const auto& [branch, sign] : forest.cut(k)) cut[branch] = sign;
    CHECK(cut[k] == 1);
    for (const auto chord : forest.chords()) {
      double crossings = 0;
      for (const auto& [branch, sign] : forest.cycle(chord)) crossings += sign * cut[branch];
      CHECK(crossings == 0);
    }
  }
}

TEST_CASE("branches of a lower rank enter the tree first") {
  std::mt19937_64 random(4);
  for (int trial = 0; trial < 30; ++trial) {
    const std::uint32_t nodes = 20;
    const auto branches = random_graph(random, nodes, 30);
    std::vector<std::uint8_t> rank(branches.size());
    for (auto& r : rank) r = static_cast<std::uint8_t>(random() % 3);
    const SpanningForest forest(nodes, branches, rank);
    CHECK(forest.chords().size() == branches.size() - nodes + 1);
    for (const auto chord : forest.chords()) {
      for (const auto& [branch, sign] : forest.cycle(chord)) CHECK(rank[branch] <= rank[chord]);
    }
  }
}

TEST_CASE("parts that no branch connects get a tree each") {
  const std::vector<GraphBranch> branches{{0, 1}, {1, 0}, {3, 4}, {4, 5}, {5, 3}};
  const SpanningForest forest(7, branches, equal_ranks(branches.size()));
  CHECK(forest.components() == 4);  // {0,1}, {3,4,5}, and the lone nodes 2 and 6
  CHECK(forest.chords().size() == 2);
}

namespace {

std::vector<GraphBranch> grid(std::uint32_t n) {
  std::vector<GraphBranch> branches;
  for (std::uint32_t row = 0; row < n; ++row) {
    for (std::uint32_t column = 0; column < n; ++column) {
      if (column + 1 < n) branches.push_back({row * n + column, row * n + column + 1});
      if (row + 1 < n) branches.push_back({row * n + column, (row + 1) * n + column});
    }
  }
  return branches;
}

}  // namespace

TEST_CASE("a breadth first tree of a grid has short cycles") {
  const std::uint32_t n = 10;
  const auto branches = grid(n);
  const SpanningForest forest(n * n, branches, equal_ranks(branches.size()));
  std::size_t longest = 0;
  for (const auto chord : forest.chords()) longest = std::max(longest, forest.cycle(chord).size());
  CHECK(longest <= 4 * n);
}

TEST_CASE("the short cycles of a grid are mostly its squares") {
  const std::uint32_t n = 10;
  const auto branches = grid(n);
  const SpanningForest forest(n * n, branches, equal_ranks(branches.size()));
  const auto cycles = forest.short_cycles(forest.chords());
  std::size_t length = 0;
  for (const auto& cycle : cycles) length += cycle.size();
  CHECK(cycles.size() == (n - 1) * (n - 1));
  CHECK(length <= 5 * cycles.size());
}

TEST_CASE("short cycles conserve current, are no longer than the fundamental ones and independent") {
  std::mt19937_64 random(5);
  for (int trial = 0; trial < 50; ++trial) {
    const auto nodes = 2 + static_cast<std::uint32_t>(random() % 20);
    const auto branches = random_graph(random, nodes, random() % 30);
    const SpanningForest forest(nodes, branches, equal_ranks(branches.size()));
    const auto& chords = forest.chords();
    const auto cycles = forest.short_cycles(chords);
    REQUIRE(cycles.size() == chords.size());
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(cycles.size()),
                                                   static_cast<Eigen::Index>(branches.size()));
    for (std::size_t n = 0; n < cycles.size(); ++n) {
      CHECK(cycles[n].front().branch == chords[n]);
      CHECK(cycles[n].front().sign == 1);
      CHECK(cycles[n].size() <= forest.cycle(chords[n]).size());
      for (const auto& [branch, sign] : cycles[n]) matrix(static_cast<Eigen::Index>(n), branch) += sign;
    }
    if (cycles.empty()) continue;
    CHECK((reduced_incidence(branches, nodes) * matrix.transpose()).cwiseAbs().maxCoeff() == 0);
    CHECK(static_cast<std::size_t>(matrix.fullPivLu().rank()) == cycles.size());
  }
}
