#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "network/graph.hpp"
#include "network/incidence.hpp"
#include "network/node_laplacian.hpp"

namespace memspice::network {

// Ω̂ = Aᵗ (A D Aᵗ)⁻¹ A D = I - D⁻¹ Bᵗ (B D⁻¹ Bᵗ)⁻¹ B, the projector of the theory for branches that all
// differ: D is the diagonal of their resistances in ohm with their signs, P R_on, none of them 0. It is the
// paper's Ω̄ when R_on is the same everywhere (D = P does as well), and Ω when P is too (D = 1). Then
//
//     i = Ω̂ D⁻¹ S for resistances D,   i = (I + Ω̂ Ξ W)⁻¹ Ω̂ D⁻¹ S for R = D (I + Ξ W).

/// A dense projector of this number of branches takes 200 MB; beyond, ProjectorOperator applies it without
/// forming it.
inline constexpr std::size_t most_dense_branches = 5000;

/// Loop form, from a cycle matrix A. Throws SimulationError when there are too many branches or A D Aᵗ is
/// singular.
Eigen::MatrixXd projector_from_loops(const SparseMatrix& cycles, std::span<const double> resistance);
/// Node form, from the reduced incidence matrix B. Throws as the loop form does.
Eigen::MatrixXd projector_from_nodes(const SparseMatrix& incidence, std::span<const double> resistance);

/// Ω̂ as an operator, through the sparse factors of the nodes' Laplacian.
///
/// Life cycle: construct; factorise(D); apply() as often as wanted.
class ProjectorOperator {
 public:
  /// Throws SimulationError when the factors would be too large.
  ProjectorOperator(std::size_t node_count, std::span<const GraphBranch> branches);

  [[nodiscard]] std::size_t size() const { return laplacian_.branch_count(); }
  /// False when the projector does not exist: A D Aᵗ is singular.
  bool factorise(std::span<const double> resistance);

  /// y = Ω̂ x. May work in place.
  void apply(std::span<const double> x, std::span<double> y);
  /// y = Ω̂ᵗ x. May work in place.
  void apply_transposed(std::span<const double> x, std::span<double> y);
  /// Currents (A) that the EMFs S (V) drive through the resistances D: i = Ω̂ D⁻¹ S.
  void currents(std::span<const double> emf, std::span<double> current);

 private:
  NodeLaplacian laplacian_;
  std::vector<double> conductance_;  // D⁻¹
  std::vector<double> flow_;
  std::vector<double> difference_;
};

/// S = ΩS + (I - Ω)S: what drives currents, and what only shifts potentials, whatever the resistances are.
struct SourceSplit {
  std::vector<double> driving;  // ΩS
  std::vector<double> gauge;    // (I - Ω)S = Bᵗ(…)
};
SourceSplit split_sources(std::size_t node_count, std::span<const GraphBranch> branches,
                          std::span<const double> emf);

}  // namespace memspice::network
