#include "solver/laplacian_gradients.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace memspice {

namespace {

constexpr int most_gradient_iterations = 500;
constexpr std::size_t rows_of_part = 32768;
using Row = float __attribute__((vector_size(16)));

void add(const Row& row, std::array<double, 4>& sums) {
  for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += double{row[c]};
}

}  // namespace

LaplacianGradients::LaplacianGradients(std::size_t rows, std::span<const std::uint32_t> plus,
                                       std::span<const std::uint32_t> minus, Team& team)
    : team_(team),
      joined_(rows, plus, minus),
      weight_(joined_.row.size()),
      scale_(rows),
      root_(rows),
      diagonal_(rows),
      x_(rows),
      residual_(rows),
      direction_(rows),
      answer_(rows),
      parts_((rows + rows_of_part - 1) / rows_of_part) {
  for (std::size_t k = 0; k < plus.size(); ++k) {
    if ((plus[k] == 0) == (minus[k] == 0)) continue;
    grounded_.push_back(std::max(plus[k], minus[k]));
    grounded_.push_back(static_cast<std::uint32_t>(k));
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
  const std::vector<std::uint32_t>& begin = joined_.begin;
  for (std::size_t row = 1; row < diagonal_.size(); ++row) {
    for (std::size_t e = begin[row]; e < begin[row + 1]; ++e)
      diagonal_[row] += conductance[joined_.branch[e]];
    if (!(diagonal_[row] > 0)) return false;
    root_[row] = static_cast<float>(std::sqrt(diagonal_[row]));
    scale_[row] = 1 / root_[row];
  }
  for (std::size_t row = 1; row < diagonal_.size(); ++row)
    for (std::size_t e = begin[row]; e < begin[row + 1]; ++e)
      weight_[e] = static_cast<float>(conductance[joined_.branch[e]]) * scale_[row] * scale_[joined_.row[e]];
  return true;
}

/// Calls work(first, last, sums) for all rows, part by part, and adds the sums up in the order of the parts.
template <class Work>
LaplacianGradients::Parts LaplacianGradients::sum_up(const Work& work) {
  team_.share_ranges(scale_.size(), rows_of_part, [&](std::size_t first, std::size_t last) {
    Parts& sums = parts_[first / rows_of_part];
    sums = {};
    work(first, last, sums);
  });
  Parts all;
  for (const Parts& part : parts_) {
    for (std::size_t c = 0; c < all.first.size(); ++c) {
      all.first[c] += part.first[c];
      all.second[c] += part.second[c];
    }
  }
  return all;
}

/// answer = (scaled Laplacian) direction. Returns directionᵗ answer.
LaplacianGradients::Sums LaplacianGradients::multiply() {
  return sum_up([&](std::size_t first, std::size_t last, Parts& sums) {
           for (std::size_t row = first; row < last; ++row) {
             Row sum = direction_[row];
             for (std::size_t e = joined_.begin[row]; e < joined_.begin[row + 1]; ++e)
               sum -= weight_[e] * direction_[joined_.row[e]];
             answer_[row] = sum;
             add(direction_[row] * sum, sums.first);
           }
         })
      .first;
}

/// Preconditioned by the diagonal, and for potentials that are all the same by what leads to ground: where
/// that is little beside what joins the rows, the diagonal alone takes them for currents that nearly vanish.
void LaplacianGradients::solve(std::span<const double> right, std::span<double> x, double reduction) {
  constexpr std::size_t columns = 3;
  const std::size_t size = scale_.size();
  // Of residuals: |r|², and what they are along equal potentials.
  auto [square, mean] = sum_up([&](std::size_t first, std::size_t last, Parts& sums) {
    for (std::size_t i = first; i < last; ++i) {
      const double* from = right.data() + i * columns;
      for (std::size_t c = 0; c < columns; ++c)
        residual_[i][c] = static_cast<float>(from[c] * double{scale_[i]});
      residual_[i][columns] = 0;
      x_[i] = direction_[i] = Row{};
      add(residual_[i] * residual_[i], sums.first);
      add(residual_[i] * root_[i], sums.second);
    }
  });
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
    team_.share_ranges(size, rows_of_part, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i)
        direction_[i] = residual_[i] + level * root_[i] + growth * direction_[i];
    });
    const Sums curvature = multiply();
    Row step{};
    for (std::size_t c = 0; c < columns; ++c)  // columns that have arrived stay
      step[c] =
          size_now[c] > enough[c] && curvature[c] > 0 ? static_cast<float>(size_now[c] / curvature[c]) : 0;
    const Parts now = sum_up([&](std::size_t first, std::size_t last, Parts& sums) {
      for (std::size_t i = first; i < last; ++i) {
        x_[i] += step * direction_[i];
        residual_[i] -= step * answer_[i];
        add(residual_[i] * residual_[i], sums.first);
        add(residual_[i] * root_[i], sums.second);
      }
    });
    square = now.first;
    mean = now.second;
  }
  team_.share_ranges(size, rows_of_part, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
      for (std::size_t c = 0; c < columns; ++c) x[i * columns + c] = double{x_[i][c]} * double{scale_[i]};
  });
}

}  // namespace memspice
