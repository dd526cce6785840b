#include "solver/node_matrix.hpp"

#include <klu.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>
#include <stdexcept>

#include "solver/cholesky.hpp"
#include "solver/thin_factor.hpp"

namespace memspice {

namespace {
constexpr double least_pivot = 1e-15;        // relative to the largest entry of its column, rows scaled
constexpr int most_indefinite = 8;           // in a row, until Cholesky factorisations are given up
constexpr double least_pivot_growth = 1e-8;  // reciprocal growth below this: the old pivots no longer fit

}  // namespace

/// The factors of positive definite values.
struct NodeMatrix::SymmetricFactor {
  std::optional<ThinFactor> thin;
  std::optional<Cholesky> cholesky;  // where they are not thin

  SymmetricFactor(std::span<const std::int32_t> columns, std::span<const std::int32_t> rows,
                  std::span<const double> values) {
    thin.emplace(columns, rows, values);
    if (thin->is_thin()) return;
    thin.reset();
    cholesky.emplace(columns, rows, values);
  }

  bool factorise() { return thin ? thin->factorise() : cholesky->factorise(); }
  void solve(double* b) { thin ? thin->solve(b) : cholesky->solve(b); }
  Cholesky::Size size() { return thin ? Cholesky::Size{thin->entries(), thin->flops()} : cholesky->size(); }
  [[nodiscard]] double log_determinant() const {
    return thin ? thin->log_determinant() : 2 * cholesky->log_diagonal();
  }
};

struct NodeMatrix::Lu {
  klu_common common{};
  klu_symbolic* symbolic = nullptr;
  klu_numeric* numeric = nullptr;
  std::int32_t* columns;
  std::int32_t* rows;
  double* values;
  std::int32_t size;
  std::vector<double> scale;  // by row

  Lu(std::size_t n, std::vector<std::int32_t>& columns_, std::vector<std::int32_t>& rows_,
     std::vector<double>& values_)
      : columns(columns_.data()),
        rows(rows_.data()),
        values(values_.data()),
        size(static_cast<std::int32_t>(n)) {
    klu_defaults(&common);
    common.ordering = 0;  // AMD: up to 300 times faster than COLAMD on node matrices
    symbolic = klu_analyze(size, columns, rows, &common);
    if (symbolic == nullptr) throw std::bad_alloc();
  }
  Lu(const Lu&) = delete;
  Lu& operator=(const Lu&) = delete;
  ~Lu() {
    klu_free_numeric(&numeric, &common);
    klu_free_symbolic(&symbolic, &common);
  }

  /// No pivot is what rounding left of its column. Pivots are compared with their own columns, not with each
  /// other: where one equation holds a large coefficient (c times an inductance), what is left of the row's
  /// other entries after scaling is small and right.
  bool well_conditioned() {
    if (common.status != KLU_OK) return false;
    const auto* diagonal = static_cast<const double*>(numeric->Udiag);
    scale.resize(static_cast<std::size_t>(size));
    for (std::int32_t k = 0; k < size; ++k)
      scale[static_cast<std::size_t>(numeric->Pnum[k])] = numeric->Rs == nullptr ? 1 : 1 / numeric->Rs[k];
    for (std::int32_t k = 0; k < size; ++k) {
      double largest = 0;
      for (std::int32_t i = columns[symbolic->Q[k]]; i < columns[symbolic->Q[k] + 1]; ++i)
        largest = std::max(largest, std::abs(values[i]) * scale[static_cast<std::size_t>(rows[i])]);
      if (!(std::abs(diagonal[k]) > least_pivot * largest)) return false;
    }
    return true;
  }

  /// A pivot that is small beside its column may be right all the same, where another equation has the
  /// column's large entry (c times a capacitance beside 1/(c L)): not if it is the difference of what nearly
  /// cancels.
  bool no_pivot_is_rounding() {
    constexpr double least_part = 1e-14;
    if (common.status != KLU_OK) return false;
    const auto n = static_cast<std::size_t>(size);
    std::vector<std::int32_t> lower_begin(n + 1), lower(static_cast<std::size_t>(numeric->lnz));
    std::vector<std::int32_t> upper_begin(n + 1), upper(static_cast<std::size_t>(numeric->unz));
    std::vector<double> l(lower.size()), u(upper.size());
    if (klu_extract(numeric, symbolic, lower_begin.data(), lower.data(), l.data(), upper_begin.data(),
                    upper.data(), u.data(), nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                    &common) != 1)
      return false;
    // Pivot k is a_kk - sum of l_ki u_ik: the magnitudes that went into it.
    std::vector<std::vector<std::pair<std::int32_t, double>>> rows_of_lower(n);
    for (std::int32_t i = 0; i < size; ++i)
      for (std::int32_t e = lower_begin[i]; e < lower_begin[i + 1]; ++e)
        if (lower[e] > i) rows_of_lower[lower[e]].emplace_back(i, std::abs(l[e]));
    std::vector<double> column(n, 0.0);
    for (std::int32_t k = 0; k < size; ++k) {
      double pivot = 0;
      for (std::int32_t e = upper_begin[k]; e < upper_begin[k + 1]; ++e) {
        column[upper[e]] = std::abs(u[e]);
        if (upper[e] == k) pivot = std::abs(u[e]);
      }
      double sum = 0;
      for (const auto& [i, magnitude] : rows_of_lower[k]) sum += magnitude * column[i];
      for (std::int32_t e = upper_begin[k]; e < upper_begin[k + 1]; ++e) column[upper[e]] = 0;
      if (!(pivot > least_part * sum)) return false;
    }
    return true;
  }

  /// KLU's refactorisation reuses the pivot order unchecked and can return nonsense; the growth of the pivots
  /// tells.
  bool factorise(MatrixStatistics& statistics) {
    if (numeric != nullptr) {
      const bool usable = klu_refactor(columns, rows, values, symbolic, numeric, &common) == 1 &&
                          klu_rgrowth(columns, rows, values, symbolic, numeric, &common) == 1 &&
                          common.rgrowth > least_pivot_growth;
      if (usable && (well_conditioned() || no_pivot_is_rounding())) return true;
      klu_free_numeric(&numeric, &common);
    }
    ++statistics.pivotings;
    numeric = klu_factor(columns, rows, values, symbolic, &common);
    if (numeric == nullptr) {
      if (common.status == KLU_OUT_OF_MEMORY) throw std::bad_alloc();
      return false;
    }
    if (well_conditioned() || no_pivot_is_rounding()) return true;
    klu_free_numeric(&numeric, &common);
    return false;
  }

  void solve(double* b) { klu_solve(symbolic, numeric, size, 1, b, &common); }
};

NodeMatrix::NodeMatrix(std::size_t size, std::vector<std::pair<std::uint32_t, std::uint32_t>> edges,
                       bool symmetric)
    : size_(size), columns_(size + 1, 0) {
  // Counting sort by column of every edge, its mirror image and the diagonal; then each column sorted and
  // made unique.
  std::vector<std::int32_t> begin(size + 1, 0);
  for (const auto& [row, column] : edges) {
    ++begin[column + 1];
    ++begin[row + 1];
  }
  for (std::size_t j = 0; j < size; ++j) begin[j + 1] += begin[j] + 1;
  std::vector<std::int32_t> fill(begin.begin(), begin.end() - 1);
  rows_.resize(static_cast<std::size_t>(begin[size]));
  for (const auto& [row, column] : edges) {
    rows_[fill[column]++] = static_cast<std::int32_t>(row);
    rows_[fill[row]++] = static_cast<std::int32_t>(column);
  }
  edges = {};
  std::int32_t end = 0;
  for (std::size_t j = 0; j < size; ++j) {
    rows_[fill[j]++] = static_cast<std::int32_t>(j);
    const auto first = rows_.begin() + begin[j];
    std::sort(first, rows_.begin() + fill[j]);
    const auto last = std::unique(first, rows_.begin() + fill[j]);
    end = static_cast<std::int32_t>(std::copy(first, last, rows_.begin() + end) - rows_.begin());
    columns_[j + 1] = end;
  }
  rows_.resize(static_cast<std::size_t>(end));
  rows_.shrink_to_fit();
  values_.assign(rows_.size() + 1, 0.0);
  if (size_ == 0 || !symmetric) return;
  symmetric_ = std::make_unique<SymmetricFactor>(columns_, rows_, values_);
}

NodeMatrix::NodeMatrix(std::vector<std::int32_t> columns, std::vector<std::int32_t> rows, bool symmetric)
    : size_(columns.size() - 1),
      columns_(std::move(columns)),
      rows_(std::move(rows)),
      values_(rows_.size() + 1, 0.0) {
  if (size_ > 0 && symmetric) symmetric_ = std::make_unique<SymmetricFactor>(columns_, rows_, values_);
}

std::unique_ptr<NodeMatrix> NodeMatrix::twin() const {
  return std::unique_ptr<NodeMatrix>(new NodeMatrix(columns_, rows_, symmetric_ != nullptr));
}

NodeMatrix::~NodeMatrix() = default;

std::uint32_t NodeMatrix::slot(std::uint32_t row, std::uint32_t column) const {
  const auto first = rows_.begin() + columns_[column];
  const auto last = rows_.begin() + columns_[column + 1];
  const auto found = std::lower_bound(first, last, static_cast<std::int32_t>(row));
  if (found == last || *found != static_cast<std::int32_t>(row))
    throw std::logic_error("node matrix: an entry outside the pattern; please report this");
  return static_cast<std::uint32_t>(found - rows_.begin());
}

std::vector<std::uint32_t> NodeMatrix::slots_of_row(std::uint32_t row) const {
  std::vector<std::uint32_t> slots;
  for (const std::uint32_t column : columns_of_row(row)) slots.push_back(slot(row, column));
  return slots;
}

std::vector<std::uint32_t> NodeMatrix::columns_of_row(std::uint32_t row) const {
  return {rows_.begin() + columns_[row], rows_.begin() + columns_[row + 1]};  // the pattern is symmetric
}

bool NodeMatrix::factorise() {
  if (size_ == 0) return true;
  ++statistics_.factorisations;
  if (symmetric_) {
    statistics_.cholesky = true;
    if (symmetric_->factorise()) {
      indefinite_ = 0;
      statistics_.factor_nonzeros = static_cast<std::size_t>(symmetric_->size().entries);
      return true;
    }
    // Indefinite: a negative resistance, or a state that changes fast. Pivoting is needed now, and for good
    // when it stays so.
    if (++indefinite_ == most_indefinite) symmetric_.reset();
  }
  statistics_.cholesky = false;
  if (!lu_) lu_ = std::make_unique<Lu>(size_, columns_, rows_, values_);
  if (!lu_->factorise(statistics_)) return false;
  statistics_.factor_nonzeros = static_cast<std::size_t>(lu_->numeric->lnz + lu_->numeric->unz);
  return true;
}

Cholesky::Size NodeMatrix::factor_size() const {
  return symmetric_ ? symmetric_->size() : Cholesky::Size{};
}

double NodeMatrix::log_determinant() const {
  if (size_ == 0) return 0;
  if (!symmetric_ || !statistics_.cholesky)
    throw std::logic_error("node matrix: a determinant without Cholesky's factors; please report this");
  return symmetric_->log_determinant();
}

void NodeMatrix::solve(double* b) {
  if (size_ == 0) return;
  ++statistics_.solves;
  if (statistics_.cholesky) {
    symmetric_->solve(b);
  } else {
    lu_->solve(b);
  }
}

}  // namespace memspice
