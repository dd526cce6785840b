#pragma once

#include <Eigen/Core>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "network/branch_network.hpp"
#include "network/loop_equations.hpp"

namespace memspice::network {

/// A memristive network as a vector field on its states, by the closed form:
///
///     i(w) = Aᵗ (A R P Aᵗ)⁻¹ A S,   dw/dt = α w - J (Ron/β) i   or   α w - J v/β
///
/// Life cycle: construct; set_sources(); solve() at some w; then read what is wanted at that w.
class MemristiveFlow {
 public:
  MemristiveFlow(const Circuit& circuit, BranchNetwork network);

  [[nodiscard]] const BranchNetwork& network() const { return network_; }
  [[nodiscard]] std::size_t size() const { return network_.memristors.size(); }

  /// `value(source)` is the source's voltage or current.
  template <class Value>
  void set_sources(Value value) {
    for (const auto& source : network_.sources) {
      // An EMF drives current along the branch plus → minus when the source's voltage is negative.
      if (source.is_voltage) {
        emf_[source.branch] = -value(source);
      } else {
        driven_[source.branch] = value(source);
      }
    }
  }
  /// Branch currents at w; false where the network has no solution. Outside the box the flow goes on
  /// smoothly.
  bool solve(std::span<const double> w);
  /// Whether solve() has been asked, since the last call of this, for a w so far below the box that the flow
  /// there is not the analytic continuation of the one inside.
  bool left_continuation() { return std::exchange(left_continuation_, false); }
  [[nodiscard]] int determinant_sign() const { return equations_->determinant_sign(); }

  // At the last w solved for, by branch:
  [[nodiscard]] std::span<const double> current() const { return current_; }        // A
  [[nodiscard]] std::span<const double> resistance() const { return resistance_; }  // ohm
  /// dw/dt, 1/s, by memristor; bounds play no part.
  void rates(std::span<const double> w, std::span<double> rates) const;
  /// ∂(dw/dt)/∂w, 1/s, states × states: the Lyapunov matrix of the theory
  ///
  ///     L = diag(a) + diag(g) Aᵗ (A R P Aᵗ)⁻¹ A diag(i dR/dw)
  ///
  /// with g = J Ron/β and a = α under current control; J R/β and α - J i dR/dw / β under voltage control.
  [[nodiscard]] Eigen::MatrixXd jacobian() const;

 private:
  BranchNetwork network_;
  /// Factorises for resistance_, over other loops where those at hand would lose digits.
  bool factor();

  std::unique_ptr<LoopEquations> equations_;
  double least_separation_;  // below which other loops are worth a try
  std::vector<double> resistance_;
  std::vector<double> emf_;
  std::vector<double> driven_;
  std::vector<double> current_;
  bool left_continuation_ = false;
};

}  // namespace memspice::network
