#include "network/loop_equations.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace memspice::network {

TopologyError::TopologyError(Kind kind, std::vector<std::uint32_t> branches)
    : std::runtime_error(kind == Kind::source_loop ? "loop of voltage sources" : "cut of current sources"),
      kind(kind),
      branches(std::move(branches)) {}

LoopEquations::LoopEquations(std::size_t node_count, std::span<const GraphBranch> branches,
                             std::span<const BranchKind> kinds)
    : LoopEquations(node_count, branches, kinds, {}) {}

LoopEquations::LoopEquations(std::size_t node_count, std::span<const GraphBranch> branches,
                             std::span<const BranchKind> kinds, std::span<const double> resistance)
    : kinds_(kinds.begin(), kinds.end()), matrix_(build(node_count, branches, resistance)) {}

// By kind; resistive branches by resistance, to a factor of 2, where it is given.
std::vector<std::uint8_t> LoopEquations::ranks(std::span<const double> resistance) const {
  constexpr int smallest = -80, largest = 160;  // exponents of 2
  const auto first = static_cast<int>(BranchKind::resistive);
  std::vector<std::uint8_t> rank(kinds_.size());
  for (std::size_t k = 0; k < kinds_.size(); ++k) {
    int value = static_cast<int>(kinds_[k]);
    if (!resistance.empty() && kinds_[k] == BranchKind::resistive) {
      value += std::clamp(std::ilogb(resistance[k]), smallest, largest) - smallest;
    } else if (kinds_[k] == BranchKind::driven) {
      value = first + largest - smallest + 1;
    }
    rank[k] = static_cast<std::uint8_t>(value);
  }
  return rank;
}

LoopMatrix LoopEquations::build(std::size_t node_count, std::span<const GraphBranch> branches,
                                std::span<const double> resistance) {
  const auto rank = ranks(resistance);
  const SpanningForest forest(node_count, branches, rank);

  const auto branches_of = [](const std::vector<SignedBranch>& set) {
    std::vector<std::uint32_t> names;
    for (const auto& member : set) names.push_back(member.branch);
    std::ranges::sort(names);
    return names;
  };
  for (std::uint32_t k = 0; k < kinds_.size(); ++k) {
    if (kinds_[k] == BranchKind::driven && forest.in_tree(k))
      throw TopologyError(TopologyError::Kind::driven_cut, branches_of(forest.cut(k)));
    if (kinds_[k] == BranchKind::source && !forest.in_tree(k))
      throw TopologyError(TopologyError::Kind::source_loop, branches_of(forest.cycle(k)));
  }

  // A shorted chord closes a loop of shorts alone: its current is arbitrary and no voltage depends on it.
  std::vector<std::uint32_t> resistive;
  std::vector<std::vector<LoopIncidence>> driven(kinds_.size());
  for (const auto chord : forest.chords()) {
    if (kinds_[chord] == BranchKind::resistive) resistive.push_back(chord);
    if (kinds_[chord] != BranchKind::driven) continue;
    for (const auto& [branch, sign] : forest.cycle(chord))
      driven[branch].push_back({chord, static_cast<double>(sign)});
  }
  std::vector<std::vector<LoopIncidence>> unknown(kinds_.size());
  loops_ = resistive.size();
  std::vector<std::vector<SignedBranch>> cycles;
  if (resistance.empty()) {
    cycles = forest.short_cycles(resistive);
  } else {
    for (const auto chord : resistive) cycles.push_back(forest.cycle(chord));
  }
  for (std::uint32_t loop = 0; loop < loops_; ++loop) {
    for (const auto& [branch, sign] : cycles[loop])
      unknown[branch].push_back({loop, static_cast<double>(sign)});
  }

  const auto compress = [](const std::vector<std::vector<LoopIncidence>>& lists, Columns& columns) {
    columns.begin.push_back(0);
    for (const auto& list : lists) {
      columns.incidence.insert(columns.incidence.end(), list.begin(), list.end());
      columns.begin.push_back(columns.incidence.size());
    }
  };
  compress(unknown, unknown_);
  compress(driven, driven_);
  for (std::size_t k = 0; k < kinds_.size(); ++k) {
    if (kinds_[k] != BranchKind::resistive) unknown[k].clear();
  }
  return LoopMatrix(loops_, unknown);
}

Eigen::MatrixXd LoopEquations::cycle_matrix() const {
  Eigen::MatrixXd cycles =
      Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(loops_), static_cast<Eigen::Index>(branch_count()));
  for (std::size_t k = 0; k < branch_count(); ++k) {
    for (const auto& [loop, sign] : unknown_.of(k)) cycles(loop, static_cast<Eigen::Index>(k)) = sign;
  }
  return cycles;
}

bool LoopEquations::factor(std::span<const double> resistance) {
  resistance_.assign(resistance.begin(), resistance.end());
  return matrix_.factor(resistance_);
}

void LoopEquations::solve(std::span<const double> emf, std::span<const double> driven,
                          std::span<double> current) const {
  Eigen::VectorXd right = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(loops_));
  for (std::size_t k = 0; k < branch_count(); ++k) {
    double given = 0;
    for (const auto& [source, sign] : driven_.of(k)) given += sign * driven[source];
    current[k] = given;
    double drop = 0;
    if (kinds_[k] == BranchKind::source) drop = emf[k];
    if (kinds_[k] == BranchKind::resistive) drop = emf[k] - resistance_[k] * given;
    for (const auto& [loop, sign] : unknown_.of(k)) right[loop] += sign * drop;
  }
  const Eigen::VectorXd loop_current = matrix_.solve(right);
  for (std::size_t k = 0; k < branch_count(); ++k) {
    for (const auto& [loop, sign] : unknown_.of(k)) current[k] += sign * loop_current[loop];
  }
}

}  // namespace memspice::network
