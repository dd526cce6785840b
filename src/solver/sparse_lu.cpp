#include "solver/sparse_lu.hpp"

#include <klu.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <numeric>
#include <type_traits>

namespace memspice {

namespace {
constexpr double least_pivot_growth = 1e-8;  // reciprocal growth below this: the old pivots no longer fit
// Rows are scaled to 1, but unknowns of all units meet in a column: small pivots are normal here.
constexpr double least_reciprocal_condition = 1e-30;
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

  explicit Klu(SparseLu& matrix)
      : columns(matrix.columns_.data()),
        rows(matrix.rows_.data()),
        values(reinterpret_cast<double*>(matrix.values_.data())),
        size(static_cast<std::int32_t>(matrix.size_)) {
    klu_defaults(&common);
    common.ordering = 0;  // AMD
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
      return klu_z_refactor(columns, rows, values, symbolic, numeric, &common) == 1 &&
             klu_z_rgrowth(columns, rows, values, symbolic, numeric, &common) == 1;
    } else {
      return klu_refactor(columns, rows, values, symbolic, numeric, &common) == 1 &&
             klu_rgrowth(columns, rows, values, symbolic, numeric, &common) == 1;
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
    if (numeric != nullptr) {
      if (refactor() && common.rgrowth > least_pivot_growth && regular()) return true;
      forget();
    }
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
void SparseLu<Number>::solve(std::span<Number> b) {
  if (size_ == 0) return;
  ++solves_;
  auto* x = reinterpret_cast<double*>(b.data());
  if constexpr (Klu::is_complex) {
    klu_z_solve(klu_->symbolic, klu_->numeric, klu_->size, 1, x, &klu_->common);
  } else {
    klu_solve(klu_->symbolic, klu_->numeric, klu_->size, 1, x, &klu_->common);
  }
}

template <class Number>
void SparseLu<Number>::solve_transposed(std::span<Number> b) {
  if (size_ == 0) return;
  ++solves_;
  auto* x = reinterpret_cast<double*>(b.data());
  if constexpr (Klu::is_complex) {
    constexpr int conjugate = 0;
    klu_z_tsolve(klu_->symbolic, klu_->numeric, klu_->size, 1, x, conjugate, &klu_->common);
  } else {
    klu_tsolve(klu_->symbolic, klu_->numeric, klu_->size, 1, x, &klu_->common);
  }
}

template class SparseLu<double>;
template class SparseLu<std::complex<double>>;

}  // namespace memspice
