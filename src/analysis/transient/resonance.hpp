#pragma once

#include <optional>
#include <vector>

#include "equations/linear/phasor_matrix.hpp"
#include "solver/ida.hpp"

namespace memspice {

/// False where the kinds of a circuit's elements forbid complex eigenvalues, so that nothing can oscillate.
bool may_oscillate(const Circuit& circuit);

/// Follows a transient and tells the integrator how many periods the circuit's resonances remember an error:
/// β/(2π α) for a pair -α ± iβ of eigenvalues, those near the frequency with which the unknowns turn. Looks
/// where the unknowns have begun to turn, at the beginning of segments and now and then between.
class ResonanceWatch {
 public:
  explicit ResonanceWatch(EquationSystem& system) : system_(system) {}
  void begin_segment();
  /// A step was accepted.
  void follow(Ida& ida);

 private:
  struct Pair {
    double frequency = 0;  // β, 1/s
    double decay = 0;      // α, 1/s, at least 0
  };
  /// Whether the circuit linearised at the integrator's point is another one than the last.
  bool linearise(const Ida& ida);
  /// Pairs near the frequency (1/s).
  std::vector<Pair> pairs(double frequency);

  EquationSystem& system_;
  std::optional<Linearisation> linear_;
  std::optional<PhasorMatrix> matrix_;
  std::vector<MatrixEntry> entries_;  // of the last look
  double looked_near_ = 0;            // 1/s
  long steps_ = 0;
  long next_ = 0;      // step of the next look
  long interval_ = 0;  // between the last look and that, where no segment begins
};

}  // namespace memspice
