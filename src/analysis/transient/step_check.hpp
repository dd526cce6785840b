#pragma once

#include <array>
#include <vector>

#include "analysis/solution/newton.hpp"
#include "solver/ida.hpp"

namespace memspice {

/// Looks into an accepted step for what its ends do not show: expressions that read the time may be any
/// function of it.
class StepCheck {
 public:
  /// Where to look, in parts of a step: no two of them and no end are a simple fraction apart.
  static constexpr std::array inside{0.3819660112501051, 0.7071067811865476};

  StepCheck(EquationSystem& system, Ida& ida) : system_(system), ida_(ida) {}

  /// Whether the integrator's interpolant satisfies the equations inside of its last step, as far as the
  /// error test asks.
  [[nodiscard]] bool sees_all(double from, double to);

 private:
  EquationSystem& system_;
  Ida& ida_;
  std::vector<double> y_, derivative_, change_, weight_;
};

}  // namespace memspice
