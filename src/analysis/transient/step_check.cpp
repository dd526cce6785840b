#include "analysis/transient/step_check.hpp"

#include <cmath>

namespace memspice {

bool StepCheck::sees_all(double from, double to) {
  // The interpolant of a good step satisfies the equations inside about as well as its prediction did.
  constexpr double tolerated = 10;
  const std::size_t size = system_.size();
  y_.resize(size);
  derivative_.resize(size);
  change_.resize(size);
  weight_.resize(size);
  for (const double part : inside) {
    const double t = from + part * (to - from);
    ida_.interpolate(t, y_, derivative_);
    if (!system_.residual(t, y_.data(), derivative_.data(),
                          system_.points().kappa(system_.matrix().coefficient()), change_.data()))
      return false;
    system_.solve(change_.data(), 1);
    system_.weights(y_.data(), to - from, weight_.data());
    for (std::size_t i = 0; i < size; ++i)
      if (system_.tests_error(i) && !(std::abs(change_[i]) * weight_[i] <= tolerated)) return false;
  }
  return true;
}

}  // namespace memspice
