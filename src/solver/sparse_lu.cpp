#include "solver/sparse_lu.hpp"

#include <klu.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <numeric>
#include <type_traits>

namespace memspice {

namespace {
constexpr double largest_backward_error = 1e-10;  // beyond, the pivots do not fit
constexpr int unscaled = -1;                      // KLU: rows as they are, an eighth faster
constexpr int scaled_by_largest = 2;
// Unknowns and equations of all units meet here: small pivots are normal.
constexpr double least_reciprocal_condition = 1e-30;
constexpr double negligible = 1e-250;  // as a right-hand side
}  // namespace

template <class Number>
struct SparseLu<Number>::Klu {
  static constexpr bool is_complex = !std::is_same_v<Number, double>;

  klu_common common{};
  klu_symbolic* symbolic = nullptr;
  klu_numeric* numeric = nullptr;
  std::int32_t* columns;
  std::int32_t* rows;
  double* values;  // KLU reads complex numbers as pairs
  std::int32_t size;
  bool kept = false;  // the pivots are those of an earlier factorisation

  explicit Klu(SparseLu& matrix)
      : columns(matrix.columns_.data()),
        rows(matrix.rows_.data()),
        values(reinterpret_cast<double*>(matrix.values_.data())),
        size(static_cast<std::int32_t>(matrix.size_)) {
    klu_defaults(&common);
    common.ordering = 0;  // AMD
    common.scale = unscaled;
    symbolic = klu_analyze(size, columns, rows, &common);
    if (symbolic == nullptr) throw std::bad_alloc();
  }
  Klu(const Klu&) = delete;
  Klu& operator=(const Klu&) = delete;
  ~Klu() {
    forget();
    klu_free_symbolic(&symbolic, &common);
  }

  void forget() {
    if constexpr (is_complex) {
      klu_z_free_numeric(&numeric, &common);
    } else {
      klu_free_numeric(&numeric, &common);
    }
  }
  bool refactor() {
    if constexpr (is_complex) {
      return klu_z_refactor(columns, rows, values, symbolic, numeric, &common) == 1;
    } else {
      return klu_refactor(columns, rows, values, symbolic, numeric, &common) == 1;
    }
  }
  void factor() {
    if constexpr (is_complex) {
      numeric = klu_z_factor(columns, rows, values, symbolic, &common);
    } else {
      numeric = klu_factor(columns, rows, values, symbolic, &common);
    }
  }
  bool regular() {
    if (common.status != KLU_OK) return false;
    if constexpr (is_complex) {
      klu_z_rcond(symbolic, numeric, &common);
    } else {
      klu_rcond(symbolic, numeric, &common);
    }
    return common.rcond > least_reciprocal_condition;
  }

  bool factorise(std::size_t& pivotings) {
    if (numeric != nullptr && refactor() && common.status == KLU_OK) return kept = true;  // solve() looks
    return choose_pivots(pivotings);
  }

  /// Pivots that may fit better; false when there are none.
  bool improve(std::size_t& pivotings) {
    if (!kept) {
      if (common.scale == scaled_by_largest) return false;
      common.scale = scaled_by_largest;
    }
    return choose_pivots(pivotings);
  }

  bool choose_pivots(std::size_t& pivotings) {
    forget();
    kept = false;
    ++pivotings;
    factor();
    if (numeric == nullptr) {
      if (common.status == KLU_OUT_OF_MEMORY) throw std::bad_alloc();
      return false;
    }
    if (regular()) return true;
    forget();
    return false;
  }

  void solve(Number* b, bool transposed) {
    auto* x = reinterpret_cast<double*>(b);
    constexpr int conjugate = 0;
    if constexpr (is_complex) {
      if (transposed) {
        klu_z_tsolve(symbolic, numeric, size, 1, x, conjugate, &common);
      } else {
        klu_z_solve(symbolic, numeric, size, 1, x, &common);
      }
    } else if (transposed) {
      klu_tsolve(symbolic, numeric, size, 1, x, &common);
    } else {
      klu_solve(symbolic, numeric, size, 1, x, &common);
    }
  }
};

template <class Number>
SparseLu<Number>::SparseLu(std::size_t size, std::span<const Position> positions)
    : size_(size), columns_(size + 1, 0), slots_(positions.size()) {
  std::vector<std::uint32_t> order(positions.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {},
                    [&](std::uint32_t i) { return std::pair(positions[i].second, positions[i].first); });
  for (std::size_t k = 0; k < order.size(); ++k) {
    const auto [row, column] = positions[order[k]];
    if (k == 0 || positions[order[k - 1]] != positions[order[k]]) {
      rows_.push_back(static_cast<std::int32_t>(row));
      ++columns_[column + 1];
    }
    slots_[order[k]] = static_cast<std::uint32_t>(rows_.size() - 1);
  }
  std::partial_sum(columns_.begin(), columns_.end(), columns_.begin());
  values_.assign(rows_.size(), Number{});
  if (size_ > 0) klu_ = std::make_unique<Klu>(*this);
}

template <class Number>
SparseLu<Number>::~SparseLu() = default;

template <class Number>
bool SparseLu<Number>::factorise() {
  if (size_ == 0) return true;
  ++factorisations_;
  return klu_->factorise(pivotings_);
}

template <class Number>
bool SparseLu<Number>::solve(std::span<Number> b, bool transposed) {
  if (size_ == 0) return true;
  ++solves_;
  right_.assign(b.begin(), b.end());
  while (true) {
    klu_->solve(b.data(), transposed);
    double error = backward_error(b, transposed);
    if (error <= largest_backward_error) return true;
    klu_->solve(residual_.data(), transposed);
    for (std::size_t i = 0; i < size_; ++i) b[i] += residual_[i];
    error = backward_error(b, transposed);
    if (error <= largest_backward_error) return true;
    if (!klu_->improve(pivotings_)) return false;
    std::ranges::copy(right_, b.begin());
  }
}

template <class Number>
double SparseLu<Number>::backward_error(std::span<const Number> x, bool transposed) {
  // |re| + |im| in place of magnitudes: a factor of √2 does not matter here.
  const auto size = [](const Number& z) {
    if constexpr (Klu::is_complex) {
      return std::abs(z.real()) + std::abs(z.imag());
    } else {
      return std::abs(z);
    }
  };
  residual_ = right_;
  terms_.resize(size_);
  for (std::size_t i = 0; i < size_; ++i) terms_[i] = negligible + size(right_[i]);
  for (std::size_t column = 0; column < size_; ++column) {
    for (std::int32_t k = columns_[column]; k < columns_[column + 1]; ++k) {
      const auto row = static_cast<std::size_t>(rows_[k]);
      const std::size_t to = transposed ? column : row;
      const Number term = values_[k] * x[transposed ? row : column];
      residual_[to] -= term;
      terms_[to] += size(term);
    }
  }
  double largest = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    const double error = size(residual_[i]);
    if (!(error <= largest * terms_[i])) largest = error / terms_[i];  // keeps NaN
  }
  return largest;
}

template class SparseLu<double>;
template class SparseLu<std::complex<double>>;

}  // namespace memspice
