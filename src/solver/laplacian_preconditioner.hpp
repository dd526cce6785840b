#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "solver/kept_factor.hpp"
#include "solver/laplacian_gradients.hpp"

namespace memspice {

/// Approximate solutions of a weighted Laplacian for three right sides at once: by a factor that is kept, or
/// by conjugate gradients.
///
/// Life cycle: construct; factorise(); solve() as often as wanted. Row 0 is ground and has no equation.
class LaplacianPreconditioner {
 public:
  enum class Choice { automatic, factor, gradients };

  /// `rows`, `plus`, `minus` as those of KeptFactor.
  LaplacianPreconditioner(std::size_t rows, std::span<const std::uint32_t> plus,
                          std::span<const std::uint32_t> minus, Choice choice, Team& team);

  /// Takes the Laplacian of these conductances (S, by branch). False when it is not positive definite.
  bool factorise(std::span<const double> conductance) {
    return factor_ ? factor_->factorise(conductance) : gradients_->set(conductance);
  }
  /// Solves for three right sides, row by row; x may be the right side. Ground's are 0. Where
  /// gradients solve, residuals fall to a tenth, and x is no linear function of the right sides.
  void solve(std::span<const double> right, std::span<double> x) {
    if (factor_) return factor_->solve(right, x);
    constexpr double reduction = 0.1;
    gradients_->solve(right, x, reduction);
  }

  [[nodiscard]] bool has_factor() const { return factor_ != nullptr; }
  /// Of the factor, as its ordering predicts.
  [[nodiscard]] double entries() const { return factor_ ? factor_->entries() : 0; }
  [[nodiscard]] double flops() const { return factor_ ? factor_->flops() : 0; }
  /// Why this one: "a factor of 3.1e+05 entries, 0.00372 GB".
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  std::unique_ptr<KeptFactor> factor_;
  std::unique_ptr<LaplacianGradients> gradients_;
  std::string reason_;
};

}  // namespace memspice
