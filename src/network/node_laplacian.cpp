#include "network/node_laplacian.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/disjoint_sets.hpp"

namespace memspice::network {

namespace {

// 1/‖K⁻¹‖ of a matrix with unit diagonal scale below which its solutions have no correct digit.
constexpr double singular_laplacian = 1e-13;

}  // namespace

std::string describe(Cholesky::Size size) {
  return fmt::format("the factors would take {:.1f} GB and {:.1e} multiplications", 8e-9 * size.entries,
                     size.flops);
}

NodeLaplacian::NodeLaplacian(std::size_t node_count, std::span<const GraphBranch> branches) {
  DisjointSets components(node_count);
  for (const auto& branch : branches) components.join(branch.from, branch.to);
  const auto rows = static_cast<std::uint32_t>(node_count - components.count());
  std::vector<std::uint32_t> row(node_count, rows);
  std::uint32_t next = 0;
  for (std::uint32_t n = 0; n < node_count; ++n) {
    if (components.find(n) != n) row[n] = next++;
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  ends_.reserve(branches.size());
  for (const auto& branch : branches) {
    ends_.push_back({row[branch.from], row[branch.to]});
    const auto [from, to] = ends_.back();
    if (from != to && from != rows && to != rows) edges.emplace_back(from, to);
  }
  matrix_ = std::make_unique<NodeMatrix>(rows, std::move(edges), true);
  potential_.resize(rows + 1);

  const auto scratch = static_cast<std::uint32_t>(matrix_->nonzeros());
  slots_.reserve(ends_.size());
  for (const auto& [from, to] : ends_) {
    const auto slot = [&, from = from, to = to](std::uint32_t i, std::uint32_t j) {
      return from == to || i == rows || j == rows ? scratch : matrix_->slot(i, j);
    };
    slots_.push_back({slot(from, from), slot(to, to), slot(from, to), slot(to, from)});
  }
}

bool NodeLaplacian::factorise(std::span<const double> conductance) {
  const bool negative = std::ranges::any_of(conductance, [](double g) { return g < 0; });
  const bool mixed = negative && std::ranges::any_of(conductance, [](double g) { return g > 0; });
  sign_ = negative && !mixed ? -1 : 1;
  const auto values = matrix_->values();
  std::ranges::fill(values, 0.0);
  for (std::size_t k = 0; k < ends_.size(); ++k) {
    const double g = sign_ * conductance[k];
    values[slots_[k].from_from] += g;
    values[slots_[k].to_to] += g;
    values[slots_[k].from_to] -= g;
    values[slots_[k].to_from] -= g;
  }
  if (!matrix_->factorise()) return false;
  return !mixed || regular(conductance);
}

// Inverse iteration with D⁻½ K D⁻½, D the sums of the magnitudes. The factors' own pivots would not tell:
// they stay far above rounding in a large singular matrix.
bool NodeLaplacian::regular(std::span<const double> conductance) {
  std::vector<double> scale(rows() + 1, 0.0);
  for (std::size_t k = 0; k < ends_.size(); ++k) {
    if (ends_[k].from == ends_[k].to) continue;
    scale[ends_[k].from] += std::abs(conductance[k]);
    scale[ends_[k].to] += std::abs(conductance[k]);
  }
  std::vector<double> x(rows());
  for (std::size_t n = 0; n < x.size(); ++n) x[n] = 1 + std::sin(static_cast<double>(n + 1));
  double smallest = 1;
  for (int step = 0; step < 4; ++step) {
    double norm = 0;
    for (const double value : x) norm += value * value;
    norm = std::sqrt(norm);
    if (!std::isfinite(norm)) return false;
    if (step > 0) smallest = 1 / norm;
    for (std::size_t n = 0; n < x.size(); ++n) x[n] *= std::sqrt(scale[n]) / norm;
    matrix_->solve(x.data());
    for (std::size_t n = 0; n < x.size(); ++n) x[n] *= std::sqrt(scale[n]);
  }
  return smallest > singular_laplacian;
}

void NodeLaplacian::differences(std::span<const double> flow, std::span<double> difference) {
  std::ranges::fill(potential_, 0.0);
  for (std::size_t k = 0; k < ends_.size(); ++k) {
    potential_[ends_[k].to] += flow[k];
    potential_[ends_[k].from] -= flow[k];
  }
  matrix_->solve(potential_.data());
  potential_.back() = 0;
  for (std::size_t k = 0; k < ends_.size(); ++k)
    difference[k] = sign_ * (potential_[ends_[k].to] - potential_[ends_[k].from]);
}

}  // namespace memspice::network
