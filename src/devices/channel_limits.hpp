#pragma once

#include <algorithm>
#include <cmath>

namespace memspice {

// How far a Newton step may move the voltages of a field-effect transistor: SPICE's fetlim and limvds.

/// Between gate and source: not from cut off to far on, or back, in one step.
inline double limit_gate(double after, double before, double threshold) {
  const double far = 2 * std::abs(before - threshold) + 2;
  const double near = std::abs(before - threshold) + 1;
  const double strong = threshold + 3.5;
  if (before < threshold) {
    if (after <= before) return std::max(after, before - far);
    return after <= threshold + 0.5 ? std::min(after, before + near) : threshold + 0.5;
  }
  if (before < strong)
    return after <= before ? std::max(after, threshold - 0.5) : std::min(after, threshold + 4);
  if (after > before) return std::min(after, before + far);
  return after >= strong ? std::max(after, before - near) : std::max(after, threshold + 2);
}

/// Between drain and source.
inline double limit_drain(double after, double before) {
  if (before < 3.5) return after > before ? std::min(after, 4.0) : std::max(after, -0.5);
  if (after > before) return std::min(after, 3 * before + 2);
  return after < 3.5 ? std::max(after, 2.0) : after;
}

}  // namespace memspice
