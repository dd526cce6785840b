#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "network/graph.hpp"
#include "solver/node_matrix.hpp"

namespace memspice::network {

/// B G Bᵗ, the weighted Laplacian of a graph, and its factors. B is the reduced incidence matrix
/// (network/incidence.hpp): one node of each component has no row. The graph may have any number of
/// components, parallel branches and self-loops.
///
/// Life cycle: construct; look at factor_size(); factorise(G); solve() as often as wanted.
class NodeLaplacian {
 public:
  NodeLaplacian(std::size_t node_count, std::span<const GraphBranch> branches);

  /// Number of nodes less the number of components.
  [[nodiscard]] std::size_t rows() const { return matrix_->size(); }
  [[nodiscard]] std::size_t branch_count() const { return ends_.size(); }
  [[nodiscard]] Cholesky::Size factor_size() const { return matrix_->factor_size(); }

  /// `conductance[k]` of either sign. False when the matrix is singular to working accuracy, which only
  /// conductances of both signs can make it.
  bool factorise(std::span<const double> conductance);
  /// log |det|, after factorise() of conductances of one sign: of all ones, it is the logarithm of the number
  /// of spanning trees (of all components together).
  [[nodiscard]] double log_determinant() const { return matrix_->log_determinant(); }

  /// y = Bᵗ (B G Bᵗ)⁻¹ B x: the differences of the potentials that the flows x into the nodes drive.
  void differences(std::span<const double> flow, std::span<double> difference);

 private:
  [[nodiscard]] bool regular(std::span<const double> conductance);

  struct Ends {  // rows, or rows() for the node without one
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };
  struct Slots {
    std::uint32_t from_from, to_to, from_to, to_from;
  };
  std::vector<Ends> ends_;
  std::vector<Slots> slots_;
  std::unique_ptr<NodeMatrix> matrix_;
  std::vector<double> potential_;
  double sign_ = 1;  // of the factors: -1 when all conductances are negative
};

/// Above these the factors of a Laplacian do not belong on a workstation: 2 GB, or about a minute.
inline constexpr double most_factor_entries = 2.5e8;
inline constexpr double most_factor_flops = 1e12;

[[nodiscard]] inline bool affordable(Cholesky::Size size) {
  return size.entries <= most_factor_entries && size.flops <= most_factor_flops;
}

/// "the factors would take 115.2 GB and 1.6e+15 multiplications"
std::string describe(Cholesky::Size size);

}  // namespace memspice::network
