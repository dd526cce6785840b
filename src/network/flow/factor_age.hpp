#pragma once

#include <algorithm>

#include "solver/laplacian_preconditioner.hpp"

namespace memspice::network {

/// What an older factor has cost in iterations since it was made, and whether that is worth a new one.
class FactorAge {
 public:
  void renew() { excess_ = 0; }
  /// More iterations than a solution has with a fresh one.
  void note_excess(long iterations) { excess_ += static_cast<double>(std::max(0L, iterations)); }
  [[nodiscard]] bool is_stale(const LaplacianPreconditioner& inverse) const {
    // Nanoseconds, measured on one core: the ratios decide, not the machine.
    constexpr double solve_per_entry = 2.2, factor_per_entry = 15, factor_per_flop = 0.1;
    if (!inverse.has_factor()) return true;
    return excess_ * solve_per_entry * inverse.entries() >
           factor_per_entry * inverse.entries() + factor_per_flop * inverse.flops();
  }

 private:
  double excess_ = 0;
};

}  // namespace memspice::network
