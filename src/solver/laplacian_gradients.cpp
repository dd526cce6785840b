#include "solver/laplacian_gradients.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace memspice {

namespace {

constexpr int most_gradient_iterations = 500;
using Row = float __attribute__((vector_size(16)));
using Sums = std::array<double, 4>;  // one a column

void add(const Row& row, Sums& sums) {
  for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += double{row[c]};
}

/// Of every column by itself.
Sums products(const std::vector<Row>& a, const std::vector<Row>& b) {
  Sums sum{};
  for (std::size_t i = 0; i < a.size(); ++i) add(a[i] * b[i], sum);
  return sum;
}

}  // namespace

LaplacianGradients::LaplacianGradients(std::size_t rows, std::span<const std::uint32_t> plus,
                                       std::span<const std::uint32_t> minus)
    : begin_(rows, 0),
      scale_(rows - 1),
      diagonal_(rows - 1),
      x_(rows - 1),
      residual_(rows - 1),
      direction_(rows - 1),
      answer_(rows - 1) {
  const auto joins = [&](std::size_t k) { return plus[k] != 0 && minus[k] != 0 && plus[k] != minus[k]; };
  for (std::size_t k = 0; k < plus.size(); ++k) {
    if (joins(k)) {
      ++begin_[plus[k]];
      ++begin_[minus[k]];
    } else if (plus[k] != minus[k]) {
      grounded_.push_back(std::max(plus[k], minus[k]) - 1);
      grounded_.push_back(static_cast<std::uint32_t>(k));
    }
  }
  for (std::size_t row = 1; row < rows; ++row) begin_[row] += begin_[row - 1];
  neighbour_.resize(begin_.back());
  branch_.resize(begin_.back());
  weight_.resize(begin_.back());
  std::vector<std::uint32_t> place(begin_.begin(), begin_.end() - 1);
  for (std::size_t k = 0; k < plus.size(); ++k) {
    if (!joins(k)) continue;
    const std::uint32_t a = plus[k] - 1, b = minus[k] - 1;
    for (const auto& [from, to] : {std::pair{a, b}, {b, a}}) {
      neighbour_[place[from]] = to;
      branch_[place[from]++] = static_cast<std::uint32_t>(k);
    }
  }
}

bool LaplacianGradients::set(std::span<const double> conductance) {
  std::ranges::fill(diagonal_, 0.0);
  for (std::size_t i = 0; i < grounded_.size(); i += 2)
    diagonal_[grounded_[i]] += conductance[grounded_[i + 1]];
  for (std::size_t row = 0; row < diagonal_.size(); ++row)
    for (std::size_t e = begin_[row]; e < begin_[row + 1]; ++e) diagonal_[row] += conductance[branch_[e]];
  for (std::size_t row = 0; row < diagonal_.size(); ++row) {
    if (!(diagonal_[row] > 0)) return false;
    scale_[row] = static_cast<float>(1 / std::sqrt(diagonal_[row]));
  }
  for (std::size_t row = 0; row < diagonal_.size(); ++row)
    for (std::size_t e = begin_[row]; e < begin_[row + 1]; ++e)
      weight_[e] = static_cast<float>(conductance[branch_[e]]) * scale_[row] * scale_[neighbour_[e]];
  return true;
}

/// answer = (scaled Laplacian) direction.
void LaplacianGradients::multiply() {
  for (std::size_t row = 0; row < scale_.size(); ++row) {
    Row sum = direction_[row];
    for (std::size_t e = begin_[row]; e < begin_[row + 1]; ++e) sum -= weight_[e] * direction_[neighbour_[e]];
    answer_[row] = sum;
  }
}

void LaplacianGradients::solve(std::span<const double> right, std::span<double> x, double reduction) {
  constexpr std::size_t columns = 3;
  const std::size_t size = scale_.size();
  for (std::size_t i = 0; i < size; ++i) {
    const double* from = right.data() + (i + 1) * columns;
    for (std::size_t c = 0; c < columns; ++c)
      residual_[i][c] = static_cast<float>(from[c] * double{scale_[i]});
    residual_[i][columns] = 0;
    x_[i] = Row{};
  }
  direction_ = residual_;
  Sums size_now = products(residual_, residual_), enough = size_now;
  for (double& size : enough) size *= reduction * reduction;
  for (int iteration = 0; iteration < most_gradient_iterations; ++iteration) {
    bool done = true;
    for (std::size_t c = 0; c < columns; ++c) done &= !(size_now[c] > enough[c]);
    if (done) break;
    ++iterations_;
    multiply();
    const Sums curvature = products(direction_, answer_);
    Row step{};
    for (std::size_t c = 0; c < columns; ++c)  // columns that have arrived stay
      step[c] =
          size_now[c] > enough[c] && curvature[c] > 0 ? static_cast<float>(size_now[c] / curvature[c]) : 0;
    Sums size_next{};
    for (std::size_t i = 0; i < size; ++i) {
      x_[i] += step * direction_[i];
      residual_[i] -= step * answer_[i];
      add(residual_[i] * residual_[i], size_next);
    }
    Row growth{};
    for (std::size_t c = 0; c < columns; ++c)
      growth[c] = size_now[c] > 0 ? static_cast<float>(size_next[c] / size_now[c]) : 0;
    for (std::size_t i = 0; i < size; ++i) direction_[i] = residual_[i] + growth * direction_[i];
    size_now = size_next;
  }
  std::fill_n(x.begin(), columns, 0.0);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t c = 0; c < columns; ++c) x[(i + 1) * columns + c] = double{x_[i][c]} * double{scale_[i]};
}

}  // namespace memspice
