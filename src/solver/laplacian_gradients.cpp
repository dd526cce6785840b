#include "solver/laplacian_gradients.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

namespace memspice {

namespace {

constexpr int most_gradient_iterations = 500;
constexpr std::size_t rows_of_part = 32768;
constexpr std::size_t gradient_columns = 3;
// How much more of a residual may be left than is asked for before the iteration's precision is mistrusted.
constexpr double most_left_over = 1.01;

using SingleRow = float __attribute__((vector_size(16)));  // three right sides; the fourth number is idle
using DoubleRow = double __attribute__((vector_size(32)));

template <class Row>
void add(const Row& row, std::array<double, 4>& sums) {
  for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += double{row[c]};
}

}  // namespace

template <class Real>
struct LaplacianGradients::Numbers {
  using Row = std::conditional_t<std::is_same_v<Real, float>, SingleRow, DoubleRow>;

  Numbers(const RowNeighbours& neighbours, std::size_t rows, Team& helpers)
      : joined(neighbours),
        team(helpers),
        weight(joined.row.size()),
        scale(rows),
        root(rows),
        x(rows),
        residual(rows),
        direction(rows),
        answer(rows),
        parts((rows + rows_of_part - 1) / rows_of_part) {}

  const RowNeighbours& joined;
  Team& team;
  std::vector<Real> weight;       // by place in joined; scaled to a unit diagonal
  std::vector<Real> scale, root;  // of a row: (sum of its conductances)^-1/2, ^1/2; ground's are 0
  std::vector<Row> x, residual, direction, answer;
  std::vector<Parts> parts;  // of sums over all rows

  void set(std::span<const double> conductance, std::span<const double> diagonal) {
    for (std::size_t row = 1; row < diagonal.size(); ++row) {
      root[row] = static_cast<Real>(std::sqrt(diagonal[row]));
      scale[row] = 1 / root[row];
    }
    for (std::size_t row = 1; row < diagonal.size(); ++row)
      for (std::size_t e = joined.begin[row]; e < joined.begin[row + 1]; ++e)
        weight[e] = static_cast<Real>(conductance[joined.branch[e]]) * scale[row] * scale[joined.row[e]];
  }

  /// Calls work(first, last, sums) for all rows, part by part, and adds the sums up in the order of the
  /// parts.
  template <class Work>
  [[nodiscard]] Parts sum_up(const Work& work) {
    team.share_ranges(scale.size(), rows_of_part, [&](std::size_t first, std::size_t last) {
      Parts& sums = parts[first / rows_of_part];
      sums = {};
      work(first, last, sums);
    });
    Parts all;
    for (const Parts& part : parts) {
      for (std::size_t c = 0; c < all.first.size(); ++c) {
        all.first[c] += part.first[c];
        all.second[c] += part.second[c];
      }
    }
    return all;
  }

  /// answer = (scaled Laplacian) direction. Returns directionᵗ answer.
  Sums multiply() {
    return sum_up([&](std::size_t first, std::size_t last, Parts& sums) {
             for (std::size_t row = first; row < last; ++row) {
               Row sum = direction[row];
               for (std::size_t e = joined.begin[row]; e < joined.begin[row + 1]; ++e)
                 sum -= weight[e] * direction[joined.row[e]];
               answer[row] = sum;
               add(direction[row] * sum, sums.first);
             }
           })
        .first;
  }

  /// What is left of the residuals r, |r|² and what they are along equal potentials, from the conductances as
  /// they are: sums of differences, which rounding leaves alone where neighbours are nearly equal.
  Parts left_over(std::span<const double> conductance, std::span<const double> diagonal,
                  std::span<const double> right, const std::array<double, gradient_columns>& unit) {
    return sum_up([&](std::size_t first, std::size_t last, Parts& sums) {
      for (std::size_t row = std::max<std::size_t>(first, 1); row < last; ++row) {
        double to_ground = diagonal[row];
        std::array<double, gradient_columns> left{}, here{};
        for (std::size_t c = 0; c < gradient_columns; ++c) {
          here[c] = double{x[row][c]} * double{scale[row]};
          left[c] = right[row * gradient_columns + c] / unit[c];
        }
        for (std::size_t e = joined.begin[row]; e < joined.begin[row + 1]; ++e) {
          const double g = conductance[joined.branch[e]];
          const std::size_t other = joined.row[e];
          to_ground -= g;
          for (std::size_t c = 0; c < gradient_columns; ++c)
            left[c] -= g * (here[c] - double{x[other][c]} * double{scale[other]});
        }
        for (std::size_t c = 0; c < gradient_columns; ++c) {
          const double residual_here = (left[c] - to_ground * here[c]) * double{scale[row]};
          sums.first[c] += residual_here * residual_here;
          sums.second[c] += residual_here * double{root[row]};
        }
      }
    });
  }
};

LaplacianGradients::LaplacianGradients(std::size_t rows, std::span<const std::uint32_t> plus,
                                       std::span<const std::uint32_t> minus, Team& team)
    : team_(team),
      joined_(rows, plus, minus),
      diagonal_(rows),
      single_(std::make_unique<Numbers<float>>(joined_, rows, team)) {
  for (std::size_t k = 0; k < plus.size(); ++k) {
    if ((plus[k] == 0) == (minus[k] == 0)) continue;
    grounded_.push_back(std::max(plus[k], minus[k]));
    grounded_.push_back(static_cast<std::uint32_t>(k));
  }
}

LaplacianGradients::~LaplacianGradients() = default;

bool LaplacianGradients::set(std::span<const double> conductance) {
  conductance_.assign(conductance.begin(), conductance.end());
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
  }
  if (double_) {
    double_->set(conductance, diagonal_);
  } else {
    single_->set(conductance, diagonal_);
  }
  return true;
}

/// Preconditioned by the diagonal, and for potentials that are all the same by what leads to ground: where
/// that is little beside what joins the rows, the diagonal alone takes them for currents that nearly vanish.
/// False: the iteration believes that it has arrived, and has not; x is as it was.
template <class Real>
bool LaplacianGradients::solve_with(Numbers<Real>& n, std::span<const double> right, std::span<double> x,
                                    double reduction) {
  using Row = typename Numbers<Real>::Row;
  constexpr std::size_t columns = gradient_columns;
  const std::size_t size = n.scale.size();
  // Squares of small currents would be less than the smallest float, those of large ones more than the
  // largest: every column is solved in units of its largest residual.
  std::array<double, columns> unit{};
  for (std::size_t i = 1; i < size; ++i)
    for (std::size_t c = 0; c < columns; ++c)
      unit[c] = std::max(unit[c], std::abs(right[i * columns + c]) * double{n.scale[i]});
  for (double& largest : unit)
    if (!(largest > 0)) largest = 1;
  // Of residuals: |r|², and what they are along equal potentials.
  auto [square, mean] = n.sum_up([&](std::size_t first, std::size_t last, Parts& sums) {
    for (std::size_t i = first; i < last; ++i) {
      const double* from = right.data() + i * columns;
      for (std::size_t c = 0; c < columns; ++c)
        n.residual[i][c] = static_cast<Real>(from[c] * double{n.scale[i]} / unit[c]);
      n.residual[i][columns] = 0;
      n.x[i] = n.direction[i] = Row{};
      add(n.residual[i] * n.residual[i], sums.first);
      add(n.residual[i] * n.root[i], sums.second);
    }
  });
  Sums begin{};
  Sums size_now{}, enough{};
  bool arrived = false;
  for (int iteration = 0; iteration <= most_gradient_iterations; ++iteration) {
    Row growth{}, level{};
    arrived = true;
    for (std::size_t c = 0; c < columns; ++c) {
      const double next = square[c] + mean[c] * mean[c] / to_ground_;
      level[c] = static_cast<Real>(mean[c] / to_ground_);
      growth[c] = size_now[c] > 0 ? static_cast<Real>(next / size_now[c]) : 0;
      size_now[c] = next;
      if (iteration == 0) begin[c] = next;
      if (iteration == 0) enough[c] = next * reduction * reduction;
      arrived &= !(next > enough[c]);
    }
    if (arrived) break;
    team_.share_ranges(size, rows_of_part, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i)
        n.direction[i] = n.residual[i] + level * n.root[i] + growth * n.direction[i];
    });
    const Sums curvature = n.multiply();
    Row step{};
    for (std::size_t c = 0; c < columns; ++c)  // columns that have arrived stay
      step[c] =
          size_now[c] > enough[c] && curvature[c] > 0 ? static_cast<Real>(size_now[c] / curvature[c]) : 0;
    const Parts now = n.sum_up([&](std::size_t first, std::size_t last, Parts& sums) {
      for (std::size_t i = first; i < last; ++i) {
        n.x[i] += step * n.direction[i];
        n.residual[i] -= step * n.answer[i];
        add(n.residual[i] * n.residual[i], sums.first);
        add(n.residual[i] * n.root[i], sums.second);
      }
    });
    square = now.first;
    mean = now.second;
  }
  if constexpr (std::is_same_v<Real, float>) {
    const auto [left, along] = n.left_over(conductance_, diagonal_, right, unit);
    const double most = arrived ? most_left_over * reduction : 1;
    for (std::size_t c = 0; c < columns; ++c)
      if (!(left[c] + along[c] * along[c] / to_ground_ <= most * most * begin[c])) return false;
  }
  team_.share_ranges(size, rows_of_part, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
      for (std::size_t c = 0; c < columns; ++c)
        x[i * columns + c] = double{n.x[i][c]} * double{n.scale[i]} * unit[c];
  });
  return true;
}

void LaplacianGradients::solve(std::span<const double> right, std::span<double> x, double reduction) {
  if (single_ && solve_with(*single_, right, x, reduction)) return;
  if (!double_) {
    single_.reset();
    double_ = std::make_unique<Numbers<double>>(joined_, diagonal_.size(), team_);
    double_->set(conductance_, diagonal_);
  }
  static_cast<void>(solve_with(*double_, right, x, reduction));
}

}  // namespace memspice
