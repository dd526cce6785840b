#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "memspice/circuit.hpp"
#include "network/branch_network.hpp"
#include "network/loop_equations.hpp"

namespace memspice::network {

/// The functionals of a passive network of current-controlled memristors with constant sources.
///
/// With c = J β/Ron, D = diag(Ron) (of resistors: R), u = c ξ w² by branch, g = Aᵗ(A D Aᵗ)⁻¹A S the currents
/// at w = 0 and H = D Aᵗ(A D Aᵗ)⁻¹A D,
///
///     Λ(w) = - (α/3) Σ c² ξ D w³ - (α/4) uᵗ H u + (1/2) uᵗ D g,      dΛ/dt = - dw/dtᵗ (…) dw/dt ≤ 0
///
/// divided by the mean of c² ξ D. For identical memristors this is the paper's Lyapunov function
/// (Caravelli (2017), section 4, corrected: theory.md §7)
///
///     Λ(w) = - (α/3) Σ w³ - (α ξ/4) (w²)ᵗ Ω w² + (1/2β) (w²)ᵗ Ω S
///
/// and it holds for devices that differ in Ron, ξ, β and polarity too, and with resistors among them. At a
/// bound it may rise.
class Functional {
 public:
  struct Values {
    double lyapunov = 0;  // Λ, 1/s
    double gradient = 0;  // f = Σ s w - (ξ/2) Σ s w², s = ΩS, V: falls where ξ is small
    double paper = 0;     // (1/2) Σ s w², V: the functional as printed in the paper
  };

  /// Throws DeckError naming what stands against it: an active or voltage-controlled memristor, a negative
  /// resistor, different α, a source that varies in time.
  Functional(const Circuit& circuit, BranchNetwork network);

  [[nodiscard]] const BranchNetwork& network() const { return network_; }
  /// Why f and the paper's functional are not defined here; empty when they are: all memristors alike, of
  /// positive polarity and without decay, no resistors.
  [[nodiscard]] const std::string& no_gradient() const { return no_gradient_; }
  /// `w`: one state a memristor. f and the paper's functional are 0 where they are not defined.
  [[nodiscard]] Values operator()(std::span<const double> w);

 private:
  BranchNetwork network_;
  LoopEquations equations_;  // factorised at w = 0
  std::string no_gradient_;
  double scale_ = 0;                  // mean of c² ξ D
  std::vector<double> base_current_;  // g, A, by branch
  std::vector<double> charge_;        // u, A s, by branch
  std::vector<double> emf_, response_, none_;
};

}  // namespace memspice::network
