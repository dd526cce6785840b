#include "network/projector.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>

#include "memspice/error.hpp"

namespace memspice::network {

namespace {

constexpr double singular_projector = 1e-14;  // reciprocal condition

void check_size(std::size_t branches) {
  if (branches > most_dense_branches)
    throw SimulationError(fmt::format(
        "a dense projector on {} branches would take {:.1f} GB; the limit is {} branches (.network "
        "has its rank and symmetry, ProjectorOperator applies it without forming it)",
        branches, 8e-9 * static_cast<double>(branches) * static_cast<double>(branches), most_dense_branches));
}

Eigen::Map<const Eigen::VectorXd> vector_of(std::span<const double> values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

// X = K⁻¹ Y; empty matrices included.
Eigen::MatrixXd solved(const Eigen::MatrixXd& matrix, const Eigen::MatrixXd& right) {
  if (matrix.rows() == 0) return right;
  const Eigen::PartialPivLU<Eigen::MatrixXd> factors(matrix);
  const bool zero_pivot =
      (factors.matrixLU().diagonal().array() == 0).any();  // which rcond() does not survive
  if (zero_pivot || !(factors.rcond() > singular_projector))
    throw SimulationError(
        "the projector does not exist: positive and negative resistances cancel, A D A^t is singular");
  return factors.solve(right);
}

}  // namespace

Eigen::MatrixXd projector_from_loops(const SparseMatrix& cycles, std::span<const double> resistance) {
  check_size(resistance.size());
  const SparseMatrix weighted = cycles * vector_of(resistance).asDiagonal();
  const Eigen::MatrixXd loops = SparseMatrix(weighted * cycles.transpose());
  return cycles.transpose() * solved(loops, Eigen::MatrixXd(weighted));
}

Eigen::MatrixXd projector_from_nodes(const SparseMatrix& incidence, std::span<const double> resistance) {
  check_size(resistance.size());
  const Eigen::VectorXd conductance = vector_of(resistance).cwiseInverse();
  const SparseMatrix weighted = conductance.asDiagonal() * SparseMatrix(incidence.transpose());
  const Eigen::MatrixXd nodes = SparseMatrix(incidence * weighted);
  const auto size = static_cast<Eigen::Index>(resistance.size());
  return Eigen::MatrixXd::Identity(size, size) - weighted * solved(nodes, Eigen::MatrixXd(incidence));
}

ProjectorOperator::ProjectorOperator(std::size_t node_count, std::span<const GraphBranch> branches)
    : laplacian_(node_count, branches),
      conductance_(branches.size(), 1.0),
      flow_(branches.size()),
      difference_(branches.size()) {
  const auto factors = laplacian_.factor_size();
  if (!affordable(factors))
    throw SimulationError("the graph is too well connected for a sparse factorisation: " + describe(factors));
}

bool ProjectorOperator::factorise(std::span<const double> resistance) {
  std::ranges::transform(resistance, conductance_.begin(), [](double r) { return 1 / r; });
  return laplacian_.factorise(conductance_);
}

void ProjectorOperator::apply(std::span<const double> x, std::span<double> y) {
  laplacian_.differences(x, difference_);
  for (std::size_t k = 0; k < y.size(); ++k) y[k] = x[k] - conductance_[k] * difference_[k];
}

void ProjectorOperator::apply_transposed(std::span<const double> x, std::span<double> y) {
  for (std::size_t k = 0; k < flow_.size(); ++k) flow_[k] = conductance_[k] * x[k];
  laplacian_.differences(flow_, difference_);
  for (std::size_t k = 0; k < y.size(); ++k) y[k] = x[k] - difference_[k];
}

void ProjectorOperator::currents(std::span<const double> emf, std::span<double> current) {
  for (std::size_t k = 0; k < flow_.size(); ++k) flow_[k] = conductance_[k] * emf[k];
  apply(flow_, current);
}

SourceSplit split_sources(std::size_t node_count, std::span<const GraphBranch> branches,
                          std::span<const double> emf) {
  ProjectorOperator omega(node_count, branches);
  omega.factorise(std::vector<double>(branches.size(), 1.0));
  SourceSplit split;
  split.driving.resize(emf.size());
  omega.apply(emf, split.driving);
  split.gauge.assign(emf.begin(), emf.end());
  for (std::size_t k = 0; k < emf.size(); ++k) split.gauge[k] -= split.driving[k];
  return split;
}

}  // namespace memspice::network
