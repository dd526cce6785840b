#pragma once

#include <Eigen/Core>
#include <complex>
#include <vector>

#include "analysis/solution/start.hpp"

namespace memspice {

/// The pencil (∂F/∂y, ∂F/∂ẏ) of a circuit at a point, seen from a shift σ: with K = ∂F/∂y + σ ∂F/∂ẏ,
///
///     K⁻¹ ∂F/∂ẏ v = v / (σ - λ)
///
/// has the circuit's finite eigenvalues λ and, for what is algebraic, eigenvalue 0. Only the columns of
/// dynamic unknowns (charges, fluxes, free states) are non-zero, so their block carries the whole spectrum,
/// and one sparse solve gives one column of it.
class Pencil {
 public:
  /// The sources of the system must be set to the point. Throws SimulationError when ∂F/∂y + σ ∂F/∂ẏ is
  /// singular for every σ tried.
  Pencil(EquationSystem& system, const CircuitPoint& point);

  /// The unknowns that the block's rows and columns stand for, as indices into y.
  [[nodiscard]] const std::vector<std::size_t>& dynamic_unknowns() const { return dynamic_; }
  [[nodiscard]] std::size_t held() const { return held_; }
  [[nodiscard]] double shift() const { return shift_; }
  /// Moves σ (1/s), to a close value when the one wanted is an eigenvalue.
  void set_shift(double shift);
  /// out = block × x, both of one entry a dynamic unknown.
  void apply(const double* x, double* out);
  [[nodiscard]] Eigen::MatrixXd block();
  /// λ for an eigenvalue of the block.
  [[nodiscard]] std::complex<double> eigenvalue(std::complex<double> of_block) const {
    const std::complex<double> value = shift_ - 1.0 / of_block;
    return {value.real(), value.imag() + 0.0};  // no negative zeros
  }

 private:
  EquationSystem& system_;
  double t_;
  Solution at_;
  double shift_ = 0;
  std::vector<std::size_t> dynamic_;
  std::size_t held_ = 0;
  std::vector<double> full_;
  std::vector<double> storage_;
};

}  // namespace memspice
