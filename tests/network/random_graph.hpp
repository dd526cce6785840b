#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <random>
#include <vector>

#include "network/graph.hpp"

namespace memspice::testing {

inline double uniform(std::mt19937_64& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53;
}

/// A connected random multigraph: a random tree and `chords` further branches, parallel ones and self-loops
/// included.
inline std::vector<network::GraphBranch> random_graph(std::mt19937_64& random, std::uint32_t nodes,
                                                      std::size_t chords) {
  std::vector<network::GraphBranch> branches;
  for (std::uint32_t n = 1; n < nodes; ++n) {
    const auto other = static_cast<std::uint32_t>(random() % n);
    if (random() % 2 == 0) {
      branches.push_back({n, other});
    } else {
      branches.push_back({other, n});
    }
  }
  for (std::size_t k = 0; k < chords; ++k)
    branches.push_back(
        {static_cast<std::uint32_t>(random() % nodes), static_cast<std::uint32_t>(random() % nodes)});
  std::shuffle(branches.begin(), branches.end(), random);
  return branches;
}

/// The incidence matrix of the paper without its first row (node 0 is ground): +1 where the branch enters the
/// node.
inline Eigen::MatrixXd reduced_incidence(const std::vector<network::GraphBranch>& branches,
                                         std::uint32_t nodes) {
  Eigen::MatrixXd incidence = Eigen::MatrixXd::Zero(nodes, static_cast<Eigen::Index>(branches.size()));
  for (std::size_t k = 0; k < branches.size(); ++k) {
    incidence(branches[k].to, static_cast<Eigen::Index>(k)) += 1;
    incidence(branches[k].from, static_cast<Eigen::Index>(k)) -= 1;
  }
  return incidence.bottomRows(nodes - 1);
}

}  // namespace memspice::testing
