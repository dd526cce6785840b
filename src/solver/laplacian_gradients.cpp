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
      root_(rows - 1),
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
  to_ground_ = 0;
  for (std::size_t i = 0; i < grounded_.size(); i += 2) {
    diagonal_[grounded_[i]] += conductance[grounded_[i + 1]];
    to_ground_ += conductance[grounded_[i + 1]];
  }
  if (!(to_ground_ > 0)) return false;
  for (std::size_t row = 0; row < diagonal_.size(); ++row)
    for (std::size_t e = begin_[row]; e < begin_[row + 1]; ++e) diagonal_[row] += conductance[branch_[e]];
  for (std::size_t row = 0; row < diagonal_.size(); ++row) {
    if (!(diagonal_[row] > 0)) return false;
    root_[row] = static_cast<float>(std::sqrt(diagonal_[row]));
    scale_[row] = 1 / root_[row];
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

/// Preconditioned by the diagonal, and for potentials that are all the same by what leads to ground: where
/// that is little beside what joins the rows, the diagonal alone takes them for currents that nearly vanish.
void LaplacianGradients::solve(std::span<const double> right, std::span<double> x, double reduction) {
  constexpr std::size_t columns = 3;
  const std::size_t size = scale_.size();
  for (std::size_t i = 0; i < size; ++i) {
    const double* from = right.data() + (i + 1) * columns;
    for (std::size_t c = 0; c < columns; ++c)
      residual_[i][c] = static_cast<float>(from[c] * double{scale_[i]});
    residual_[i][columns] = 0;
    x_[i] = direction_[i] = Row{};
  }
  Sums square{}, mean{};  // of residuals: |r|², and what they are along equal potentials
  for (std::size_t i = 0; i < size; ++i) {
    add(residual_[i] * residual_[i], square);
    add(residual_[i] * root_[i], mean);
  }
  Sums size_now{}, enough{};
  for (int iteration = 0; iteration <= most_gradient_iterations; ++iteration) {
    Row growth{}, level{};
    bool done = true;
    for (std::size_t c = 0; c < columns; ++c) {
      const double next = square[c] + mean[c] * mean[c] / to_ground_;
      level[c] = static_cast<float>(mean[c] / to_ground_);
      growth[c] = size_now[c] > 0 ? static_cast<float>(next / size_now[c]) : 0;
      size_now[c] = next;
      if (iteration == 0) enough[c] = next * reduction * reduction;
      done &= !(next > enough[c]);
    }
    if (done) break;
    for (std::size_t i = 0; i < size; ++i)
      direction_[i] = residual_[i] + level * root_[i] + growth * direction_[i];
    multiply();
    const Sums curvature = products(direction_, answer_);
    Row step{};
    for (std::size_t c = 0; c < columns; ++c)  // columns that have arrived stay
      step[c] =
          size_now[c] > enough[c] && curvature[c] > 0 ? static_cast<float>(size_now[c] / curvature[c]) : 0;
    square = mean = {};
    for (std::size_t i = 0; i < size; ++i) {
      x_[i] += step * direction_[i];
      residual_[i] -= step * answer_[i];
      add(residual_[i] * residual_[i], square);
      add(residual_[i] * root_[i], mean);
    }
  }
  std::fill_n(x.begin(), columns, 0.0);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t c = 0; c < columns; ++c) x[(i + 1) * columns + c] = double{x_[i][c]} * double{scale_[i]};
}

}  // namespace memspice
