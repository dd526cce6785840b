#include "solver/cholesky.hpp"

#include <Eigen/SparseCholesky>
#include <algorithm>
#include <cmath>
#include <new>
#include <vector>

#include "solver/cholmod.hpp"
#include "solver/free_memory.hpp"

namespace memspice {

namespace {

// CHOLMOD takes 5 ms to load. Its solves are no faster than these up to 200 rows; at 400 they are a fifth
// faster, and 0.15 to 0.5 s of computing would pay for the loading.
constexpr std::size_t most_simplicial_rows = 400;
constexpr double most_simplicial_flops_per_entry = 40;
// CHOLMOD's default of 40 picks dense blocks too early for node matrices: a grid of 10⁴ nodes (ratio 57) is
// faster without them, one of 10⁵ (ratio 160) with.
constexpr double supernodal_flops_per_entry = 120;

}  // namespace

struct Cholesky::Matrix {
  std::span<const std::int32_t> columns, rows;
  std::span<const double> values;
  [[nodiscard]] std::size_t size() const { return columns.size() - 1; }
};

/// Column by column, ordered and factorised by Eigen.
class Cholesky::Simplicial {
 public:
  explicit Simplicial(const Matrix& matrix)
      : matrix_(matrix), work_(matrix.size()), inverse_diagonal_(matrix.size()) {
    const auto n = static_cast<Eigen::Index>(matrix.size());
    copy_ = Eigen::Map<const Sparse>(n, n, static_cast<Eigen::Index>(matrix.rows.size()),
                                     matrix.columns.data(), matrix.rows.data(), matrix.values.data());
    factor_.analyzePattern(copy_);
  }

  [[nodiscard]] Size size() const {
    const std::int32_t* begin = lower().outerIndexPtr();
    Size size;
    for (std::size_t j = 0; j < work_.size(); ++j) {
      const double entries = begin[j + 1] - begin[j];
      size.entries += entries;
      size.flops += entries * entries;
    }
    return size;
  }

  bool factorise() {
    std::ranges::copy(matrix_.values.first(matrix_.rows.size()), copy_.valuePtr());
    factor_.factorize(copy_);
    if (factor_.info() != Eigen::Success) return false;
    for (std::size_t j = 0; j < work_.size(); ++j)
      inverse_diagonal_[j] = 1 / lower().valuePtr()[lower().outerIndexPtr()[j]];
    return true;
  }

  [[nodiscard]] double log_diagonal() const {
    double sum = 0;
    for (std::size_t j = 0; j < work_.size(); ++j)
      sum += std::log(lower().valuePtr()[lower().outerIndexPtr()[j]]);
    return sum;
  }

  void solve(double* b) {
    const std::int32_t* begin = lower().outerIndexPtr();
    const std::int32_t* row = lower().innerIndexPtr();
    const double* l = lower().valuePtr();  // the diagonal is each column's first
    const std::int32_t* order = factor_.permutationPinv().indices().data();
    double* x = work_.data();
    for (std::size_t j = 0; j < work_.size(); ++j) x[j] = b[order[j]];
    for (std::size_t j = 0; j < work_.size(); ++j) {
      x[j] *= inverse_diagonal_[j];
      for (std::int32_t e = begin[j] + 1; e < begin[j + 1]; ++e) x[row[e]] -= l[e] * x[j];
    }
    for (std::size_t j = work_.size(); j-- > 0;) {
      double sum = x[j];
      for (std::int32_t e = begin[j] + 1; e < begin[j + 1]; ++e) sum -= l[e] * x[row[e]];
      x[j] = sum * inverse_diagonal_[j];
    }
    for (std::size_t j = 0; j < work_.size(); ++j) b[order[j]] = x[j];
  }

 private:
  using Sparse = Eigen::SparseMatrix<double, Eigen::ColMajor, std::int32_t>;
  /// L has its pattern from the analysis on, which matrixL() denies until there are values.
  struct Factor : Eigen::SimplicialLLT<Sparse, Eigen::Lower, Eigen::AMDOrdering<std::int32_t>> {
    [[nodiscard]] const Sparse& lower() const { return m_matrix; }
  };
  [[nodiscard]] const Sparse& lower() const { return factor_.lower(); }

  const Matrix& matrix_;
  Sparse copy_;
  Factor factor_;
  std::vector<double> work_;
  std::vector<double> inverse_diagonal_;  // of L: a division would keep every row waiting
};

/// CHOLMOD's, with dense blocks where they pay.
class Cholesky::Large {
 public:
  explicit Large(const Matrix& matrix) {
    cholmod_common& common = cholmod_.common;
    common.supernodal_switch = supernodal_flops_per_entry;
    // LLᵗ, whose square roots notice an indefinite matrix; LDLᵗ would factorise it unstably.
    common.final_ll = 1;
    // CHOLMOD does not write to these.
    matrix_.p = const_cast<std::int32_t*>(matrix.columns.data());
    matrix_.i = const_cast<std::int32_t*>(matrix.rows.data());
    matrix_.x = const_cast<double*>(matrix.values.data());
    matrix_.nrow = matrix_.ncol = matrix.size();
    matrix_.nzmax = matrix.rows.size();
    matrix_.stype = -1;  // reads the lower triangle, skips the upper one
    matrix_.itype = CHOLMOD_INT;
    matrix_.xtype = CHOLMOD_REAL;
    matrix_.dtype = CHOLMOD_DOUBLE;
    matrix_.sorted = 1;
    matrix_.packed = 1;
    right_.nrow = right_.d = right_.nzmax = matrix.size();
    right_.ncol = 1;
    right_.xtype = CHOLMOD_REAL;
    right_.dtype = CHOLMOD_DOUBLE;
    factor_ = cholmod_.call.analyze(&matrix_, &common);
    if (factor_ == nullptr && common.status != CHOLMOD_TOO_LARGE) throw std::bad_alloc();
    size_ = {common.lnz, common.fl};
  }
  Large(const Large&) = delete;
  Large& operator=(const Large&) = delete;
  ~Large() {
    cholmod_common& common = cholmod_.common;
    cholmod_.call.free_dense(&solution_, &common);
    cholmod_.call.free_dense(&work_y_, &common);
    cholmod_.call.free_dense(&work_e_, &common);
    cholmod_.call.free_factor(&factor_, &common);
  }

  [[nodiscard]] Size size() const { return size_; }

  bool factorise() {
    if (factor_ == nullptr || factor_->xtype == CHOLMOD_PATTERN)
      require_memory_for_factor(size_.entries, sizeof(double));
    if (factor_ == nullptr) throw std::bad_alloc();
    cholmod_common& common = cholmod_.common;
    if (cholmod_.call.factorize(&matrix_, factor_, &common) == 0) {
      if (common.status == CHOLMOD_OUT_OF_MEMORY) throw std::bad_alloc();
      return false;
    }
    return common.status == CHOLMOD_OK && factor_->minor == factor_->n;
  }

  [[nodiscard]] double log_diagonal() const {
    const auto* x = static_cast<const double*>(factor_->x);
    double sum = 0;
    if (factor_->is_super == 0) {
      const auto* columns = static_cast<const std::int32_t*>(factor_->p);
      for (std::size_t j = 0; j < factor_->n; ++j) sum += std::log(x[columns[j]]);
      return sum;
    }
    const auto* first_column = static_cast<const std::int32_t*>(factor_->super);
    const auto* rows = static_cast<const std::int32_t*>(factor_->pi);
    const auto* blocks = static_cast<const std::int32_t*>(factor_->px);
    for (std::size_t s = 0; s < factor_->nsuper; ++s) {
      const double* block = x + blocks[s];
      const std::int32_t stride = rows[s + 1] - rows[s] + 1;  // down the diagonal of a block
      for (std::int32_t j = first_column[s]; j < first_column[s + 1]; ++j, block += stride)
        sum += std::log(*block);
    }
    return sum;
  }

  void solve(double* b) {
    right_.x = b;
    if (cholmod_.call.solve2(CHOLMOD_A, factor_, &right_, nullptr, &solution_, nullptr, &work_y_, &work_e_,
                             &cholmod_.common) == 0)
      throw std::bad_alloc();
    std::copy_n(static_cast<const double*>(solution_->x), right_.nrow, b);
  }

 private:
  Cholmod cholmod_;
  cholmod_sparse matrix_{};
  cholmod_dense right_{};
  cholmod_factor* factor_ = nullptr;
  Size size_;
  cholmod_dense* solution_ = nullptr;
  cholmod_dense* work_y_ = nullptr;
  cholmod_dense* work_e_ = nullptr;
};

Cholesky::Cholesky(std::span<const std::int32_t> columns, std::span<const std::int32_t> rows,
                   std::span<const double> values)
    : matrix_(new Matrix{columns, rows, values}) {}

Cholesky::~Cholesky() = default;

void Cholesky::analyse() {
  if (simplicial_ || large_) return;
  if (matrix_->size() <= most_simplicial_rows || !has_cholmod()) {
    simplicial_ = std::make_unique<Simplicial>(*matrix_);
    const Size size = simplicial_->size();
    if (!has_cholmod() || size.flops <= most_simplicial_flops_per_entry * size.entries) return;
    simplicial_.reset();
  }
  large_ = std::make_unique<Large>(*matrix_);
}

Cholesky::Size Cholesky::size() {
  analyse();
  return simplicial_ ? simplicial_->size() : large_->size();
}

bool Cholesky::factorise() {
  analyse();
  return simplicial_ ? simplicial_->factorise() : large_->factorise();
}

double Cholesky::log_diagonal() const {
  return simplicial_ ? simplicial_->log_diagonal() : large_->log_diagonal();
}

void Cholesky::solve(double* b) {
  if (simplicial_) return simplicial_->solve(b);
  large_->solve(b);
}

}  // namespace memspice
