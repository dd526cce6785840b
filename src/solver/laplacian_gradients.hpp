#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "solver/row_neighbours.hpp"
#include "solver/team.hpp"

namespace memspice {

/// A weighted Laplacian solved for three right sides at once by conjugate gradients, in single precision: for
/// networks without small separators, whose factors fill in. There few iterations are needed. Preconditioned
/// by the diagonal, and for potentials that are all the same by what leads to ground.
///
/// Life cycle: construct; set(); solve() as often as wanted. Row 0 is ground and has no equation.
class LaplacianGradients {
 public:
  /// `rows`: ground's included; branch k lies between the rows plus[k] and minus[k], which may be the same.
  LaplacianGradients(std::size_t rows, std::span<const std::uint32_t> plus,
                     std::span<const std::uint32_t> minus, Team& team);

  /// Takes these conductances (S, by branch). False when a row or ground has none.
  bool set(std::span<const double> conductance);
  /// Solves for three right sides, row by row, until every residual r has fallen to `reduction` (1e-3 or
  /// more) of its first value, in the norm rᵀ(diagonal)⁻¹r + (Σr)²/(what leads to ground). x may be the right
  /// side; ground's are 0.
  void solve(std::span<const double> right, std::span<double> x, double reduction);

 private:
  using Row = float __attribute__((vector_size(16)));  // three right sides; the fourth number is idle
  using Sums = std::array<double, 4>;                  // one a right side
  struct Parts {
    Sums first{}, second{};
  };
  Sums multiply();
  template <class Work>
  [[nodiscard]] Parts sum_up(const Work& work);

  Team& team_;
  RowNeighbours joined_;
  std::vector<float> weight_;            // S, by place in joined_; scaled to a unit diagonal
  std::vector<float> scale_, root_;      // of a row: (sum of its conductances)^-1/2, ^1/2; ground's are 0
  double to_ground_ = 0;                 // S: all that leads there
  std::vector<double> diagonal_;         // work
  std::vector<std::uint32_t> grounded_;  // branches that lead to ground: (row, branch) one after the other
  std::vector<Row> x_, residual_, direction_, answer_;
  std::vector<Parts> parts_;  // of sums over all rows
};

}  // namespace memspice
