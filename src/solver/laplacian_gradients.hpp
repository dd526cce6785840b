#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "solver/row_neighbours.hpp"
#include "solver/team.hpp"

namespace memspice {

/// A weighted Laplacian solved for three right sides at once by conjugate gradients, in single precision: for
/// networks without small separators, whose factors fill in. There few iterations are needed. Preconditioned
/// by the diagonal, and for potentials that are all the same by what leads to ground. Where rows are joined
/// so well that single precision cannot tell them from one (a wire of 1 mOhm among memristors), it goes on in
/// double precision: every answer is checked.
///
/// Life cycle: construct; set(); solve() as often as wanted. Row 0 is ground and has no equation.
class LaplacianGradients {
 public:
  /// `rows`: ground's included; branch k lies between the rows plus[k] and minus[k], which may be the same.
  LaplacianGradients(std::size_t rows, std::span<const std::uint32_t> plus,
                     std::span<const std::uint32_t> minus, Team& team);
  ~LaplacianGradients();
  LaplacianGradients(const LaplacianGradients&) = delete;
  LaplacianGradients& operator=(const LaplacianGradients&) = delete;

  /// Takes these conductances (S, by branch). False when a row or ground has none.
  bool set(std::span<const double> conductance);
  /// Solves for three right sides, row by row, until every residual r has fallen to `reduction` (1e-3 or
  /// more) of its first value, in the norm rᵀ(diagonal)⁻¹r + (Σr)²/(what leads to ground). x may be the right
  /// side; ground's are 0.
  void solve(std::span<const double> right, std::span<double> x, double reduction);

 private:
  using Sums = std::array<double, 4>;  // one a right side
  struct Parts {
    Sums first{}, second{};
  };
  template <class Real>
  struct Numbers;
  template <class Real>
  bool solve_with(Numbers<Real>& numbers, std::span<const double> right, std::span<double> x,
                  double reduction);

  Team& team_;
  RowNeighbours joined_;
  std::vector<double> conductance_;      // S, by branch
  std::vector<double> diagonal_;         // S, by row
  std::vector<std::uint32_t> grounded_;  // branches that lead to ground: (row, branch) one after the other
  double to_ground_ = 0;                 // S: all that leads there
  std::unique_ptr<Numbers<float>> single_;
  std::unique_ptr<Numbers<double>> double_;  // in the place of single_ from when that was not enough
};

}  // namespace memspice
