#include "network/loop_equations.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace memspice::network {

namespace {

// A mixed network whose resistances cancel to this share of their sum has no correct digits left in its
// currents.
constexpr double singular = 1e-14;

}  // namespace

TopologyError::TopologyError(Kind kind, std::vector<std::uint32_t> branches)
    : std::runtime_error(kind == Kind::source_loop ? "loop of voltage sources" : "cut of current sources"),
      kind(kind),
      branches(std::move(branches)) {}

LoopEquations::LoopEquations(std::size_t node_count, std::span<const GraphBranch> branches,
                             std::span<const BranchKind> kinds)
    : kinds_(kinds.begin(), kinds.end()) {
  std::vector<std::uint8_t> rank(kinds.size());
  std::ranges::transform(kinds, rank.begin(),
                         [](BranchKind kind) { return static_cast<std::uint8_t>(kind); });
  const SpanningForest forest(node_count, branches, rank);

  const auto branches_of = [](const std::vector<SignedBranch>& set) {
    std::vector<std::uint32_t> names;
    for (const auto& member : set) names.push_back(member.branch);
    std::ranges::sort(names);
    return names;
  };
  for (std::uint32_t k = 0; k < kinds.size(); ++k) {
    if (kinds[k] == BranchKind::driven && forest.in_tree(k))
      throw TopologyError(TopologyError::Kind::driven_cut, branches_of(forest.cut(k)));
    if (kinds[k] == BranchKind::source && !forest.in_tree(k))
      throw TopologyError(TopologyError::Kind::source_loop, branches_of(forest.cycle(k)));
  }

  std::vector<std::vector<Incidence>> loops(kinds.size());
  std::vector<std::vector<Incidence>> driven(kinds.size());
  for (const auto chord : forest.chords()) {
    // A loop of shorts alone: its current is arbitrary and no voltage depends on it.
    if (kinds[chord] == BranchKind::shorted) continue;
    const bool is_driven = kinds[chord] == BranchKind::driven;
    const auto loop = is_driven ? chord : static_cast<std::uint32_t>(loops_++);
    for (const auto& [branch, sign] : forest.cycle(chord))
      (is_driven ? driven : loops)[branch].push_back({loop, static_cast<double>(sign)});
  }
  const auto flatten = [](const std::vector<std::vector<Incidence>>& lists, auto& begin, auto& flat) {
    begin.push_back(0);
    for (const auto& list : lists) {
      flat.insert(flat.end(), list.begin(), list.end());
      begin.push_back(flat.size());
    }
  };
  flatten(loops, begin_, incidence_);
  flatten(driven, driven_begin_, driven_incidence_);
}

Eigen::MatrixXd LoopEquations::cycle_matrix() const {
  Eigen::MatrixXd cycles =
      Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(loops_), static_cast<Eigen::Index>(branch_count()));
  for (std::size_t k = 0; k < branch_count(); ++k) {
    for (const auto& [loop, sign] : loops_of(k)) cycles(loop, static_cast<Eigen::Index>(k)) = sign;
  }
  return cycles;
}

bool LoopEquations::factor(std::span<const double> resistance) {
  resistance_.assign(resistance.begin(), resistance.end());
  const auto order = static_cast<Eigen::Index>(loops_);
  matrix_.setZero(order, order);
  positive_ = true;
  for (std::size_t k = 0; k < branch_count(); ++k) {
    if (kinds_[k] != BranchKind::resistive) continue;
    const double r = resistance_[k];
    const auto loops = loops_of(k);
    if (r < 0 && !loops.empty()) positive_ = false;
    // Loop numbers ascend, so this is the lower triangle.
    for (std::size_t column = 0; column < loops.size(); ++column) {
      const double scaled = r * loops[column].sign;
      double* entries = &matrix_(0, loops[column].loop);
      for (std::size_t row = column; row < loops.size(); ++row)
        entries[loops[row].loop] += scaled * loops[row].sign;
    }
  }
  determinant_sign_ = 1;
  if (loops_ == 0) return true;
  if (positive_) {
    cholesky_.compute(matrix_);
    return cholesky_.info() == Eigen::Success;
  }
  matrix_.triangularView<Eigen::StrictlyUpper>() = matrix_.transpose();
  loop_scale_.setZero(order);
  for (std::size_t k = 0; k < branch_count(); ++k) {
    if (kinds_[k] != BranchKind::resistive) continue;
    for (const auto& [loop, sign] : loops_of(k)) loop_scale_[loop] += std::abs(resistance_[k]);
  }
  loop_scale_ = loop_scale_.cwiseSqrt();
  matrix_ = loop_scale_.cwiseInverse().asDiagonal() * matrix_ * loop_scale_.cwiseInverse().asDiagonal();
  lu_.compute(matrix_);
  determinant_sign_ = static_cast<int>(lu_.permutationP().determinant());
  for (Eigen::Index n = 0; n < order; ++n) {
    const double pivot = lu_.matrixLU()(n, n);
    if (!(std::abs(pivot) > singular)) return false;  // Eigen's estimate below fails for an exact zero
    if (pivot < 0) determinant_sign_ = -determinant_sign_;
  }
  // 1/‖inverse‖ of the scaled matrix; a condition number would not see a single loop that cancels.
  const double norm = matrix_.cwiseAbs().colwise().sum().maxCoeff();
  return lu_.rcond() * norm > singular;
}

void LoopEquations::solve(std::span<const double> emf, std::span<const double> driven,
                          std::span<double> current) const {
  Eigen::VectorXd right = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(loops_));
  for (std::size_t k = 0; k < branch_count(); ++k) {
    double given = 0;
    for (const auto& [source, sign] : driven_loops_of(k)) given += sign * driven[source];
    current[k] = given;
    double drop = 0;
    if (kinds_[k] == BranchKind::source) drop = emf[k];
    if (kinds_[k] == BranchKind::resistive) drop = emf[k] - resistance_[k] * given;
    for (const auto& [loop, sign] : loops_of(k)) right[loop] += sign * drop;
  }
  if (loops_ == 0) return;
  Eigen::VectorXd loop_current;
  if (positive_) {
    loop_current = cholesky_.solve(right);
  } else {
    loop_current = lu_.solve(right.cwiseQuotient(loop_scale_)).cwiseQuotient(loop_scale_);
  }
  for (std::size_t k = 0; k < branch_count(); ++k) {
    for (const auto& [loop, sign] : loops_of(k)) current[k] += sign * loop_current[loop];
  }
}

}  // namespace memspice::network
