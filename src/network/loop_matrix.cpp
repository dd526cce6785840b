#include "network/loop_matrix.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

// A mixed network whose resistances cancel to this share of their sum has no correct digits left in its
// currents.
constexpr double singular_loops = 1e-14;

// A dense flop costs this part of a sparse one, as measured.
constexpr double dense_advantage = 6;

}  // namespace

LoopMatrix::LoopMatrix(std::size_t loops, const std::vector<std::vector<LoopIncidence>>& columns)
    : order_(static_cast<Eigen::Index>(loops)) {
  for (std::uint32_t k = 0; k < columns.size(); ++k) {
    if (!columns[k].empty()) branches_.push_back({k, columns[k]});
  }
  if (order_ > 0) analyse();
}

void LoopMatrix::analyse() {
  std::vector<Eigen::Triplet<double>> entries;
  for (const auto& [number, loops] : branches_) {
    for (std::size_t column = 0; column < loops.size(); ++column) {
      for (std::size_t row = column; row < loops.size(); ++row)
        entries.emplace_back(static_cast<int>(loops[row].loop), static_cast<int>(loops[column].loop),
                             loops[row].sign * loops[column].sign);
    }
  }
  sparse_matrix_.resize(order_, order_);
  sparse_matrix_.setFromTriplets(entries.begin(), entries.end());
  sparse_cholesky_.compute(sparse_matrix_);  // resistances of 1 ohm: only the pattern matters
  const Sparse& factor = sparse_cholesky_.matrixL().nestedExpression();
  double sparse_flops = 0;
  for (Eigen::Index n = 0; n < order_; ++n) {
    const auto count = static_cast<double>(factor.outerIndexPtr()[n + 1] - factor.outerIndexPtr()[n]);
    sparse_flops += count * count;
  }
  const auto order = static_cast<double>(order_);
  sparse_ = dense_advantage * sparse_flops < order * order * order / 3;
  if (!sparse_) return;
  for (const auto& entry : entries) {
    const int* rows = sparse_matrix_.innerIndexPtr();
    const auto* first = rows + sparse_matrix_.outerIndexPtr()[entry.col()];
    const auto* last = rows + sparse_matrix_.outerIndexPtr()[entry.col() + 1];
    slots_.push_back(static_cast<std::size_t>(std::lower_bound(first, last, entry.row()) - rows));
  }
}

bool LoopMatrix::factor(std::span<const double> resistance) {
  determinant_sign_ = 1;
  positive_ = true;
  if (order_ == 0) return true;
  const bool mixed =
      std::ranges::any_of(branches_, [&](const Branch& b) { return resistance[b.number] < 0; });
  loop_resistance_.setZero(order_);
  for (const auto& [number, loops] : branches_) {
    for (const auto& [loop, sign] : loops) loop_resistance_[loop] += std::abs(resistance[number]);
  }
  if (!mixed) return factor_cholesky(resistance);
  // A few negative resistances often leave the matrix positive definite.
  if (factor_cholesky(resistance) && smallest_pivot() > singular_loops) return true;
  positive_ = false;
  return factor_lu(resistance);
}

bool LoopMatrix::factor_cholesky(std::span<const double> resistance) {
  if (!sparse_) {
    assemble_dense(resistance);
    dense_cholesky_.compute(dense_matrix_);
    return dense_cholesky_.info() == Eigen::Success;
  }
  double* values = sparse_matrix_.valuePtr();
  std::fill_n(values, sparse_matrix_.nonZeros(), 0.0);
  auto slot = slots_.begin();
  for (const auto& [number, loops] : branches_) {
    const double r = resistance[number];
    for (std::size_t column = 0; column < loops.size(); ++column) {
      for (std::size_t row = column; row < loops.size(); ++row)
        values[*slot++] += r * loops[row].sign * loops[column].sign;
    }
  }
  sparse_cholesky_.factorize(sparse_matrix_);
  return sparse_cholesky_.info() == Eigen::Success;
}

void LoopMatrix::assemble_dense(std::span<const double> resistance) {
  dense_matrix_.setZero(order_, order_);
  for (const auto& [number, loops] : branches_) {
    for (std::size_t column = 0; column < loops.size(); ++column) {
      const double scaled = resistance[number] * loops[column].sign;
      double* entries = &dense_matrix_(0, loops[column].loop);
      for (std::size_t row = column; row < loops.size(); ++row)
        entries[loops[row].loop] += scaled * loops[row].sign;
    }
  }
}

double LoopMatrix::smallest_pivot() const {
  double smallest = 1;
  const auto consider = [&](double diagonal, Eigen::Index loop) {
    smallest = std::min(smallest, diagonal * diagonal / loop_resistance_[loop]);
  };
  if (!sparse_) {
    for (Eigen::Index n = 0; n < order_; ++n) consider(dense_cholesky_.matrixLLT()(n, n), n);
    return smallest;
  }
  const Sparse& factor = sparse_cholesky_.matrixL().nestedExpression();
  for (Eigen::Index n = 0; n < order_; ++n) {
    const int place = sparse_cholesky_.permutationP().indices()[n];
    consider(factor.valuePtr()[factor.outerIndexPtr()[place]], n);
  }
  return smallest;
}

bool LoopMatrix::factor_lu(std::span<const double> resistance) {
  assemble_dense(resistance);
  dense_matrix_.triangularView<Eigen::StrictlyUpper>() = dense_matrix_.transpose();
  const Eigen::VectorXd scale = loop_resistance_.cwiseSqrt().cwiseInverse();
  dense_matrix_ = scale.asDiagonal() * dense_matrix_ * scale.asDiagonal();
  lu_.compute(dense_matrix_);
  determinant_sign_ = static_cast<int>(lu_.permutationP().determinant());
  for (Eigen::Index n = 0; n < order_; ++n) {
    const double pivot = lu_.matrixLU()(n, n);
    if (!(std::abs(pivot) > singular_loops)) return false;  // Eigen's estimate below fails for an exact zero
    if (pivot < 0) determinant_sign_ = -determinant_sign_;
  }
  // 1/‖inverse‖ of the scaled matrix; a condition number would not see a single loop that cancels.
  const double norm = dense_matrix_.cwiseAbs().colwise().sum().maxCoeff();
  return lu_.rcond() * norm > singular_loops;
}

Eigen::VectorXd LoopMatrix::solve(const Eigen::VectorXd& right) const {
  if (order_ == 0) return right;
  if (!positive_) {
    const Eigen::VectorXd scale = loop_resistance_.cwiseSqrt();
    return lu_.solve(right.cwiseQuotient(scale)).cwiseQuotient(scale);
  }
  if (sparse_) return sparse_cholesky_.solve(right);
  return dense_cholesky_.solve(right);
}

}  // namespace memspice::network
