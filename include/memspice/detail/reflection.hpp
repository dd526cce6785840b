#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace memspice {

// Bounded states along a transient.
//
// Projected dynamics, dw/dt = f inside of the bounds and 0 where f points out of them, is the reflection of a
// free motion (Skorokhod 1961): with du/dt = f(w, v) for ever, w = u + (what the bounds have pushed back so
// far). The integrator has u, which is smooth where w has corners: reaching a bound and leaving it change no
// more than the second derivative of u, and the error test sees u like any other unknown. The devices see w,
// which never leaves its bounds, in no iterate.

/// A state at the last accepted point of the integration.
struct PathPoint {
  double free = 0;   // u, what the integrator has
  double rate = 0;   // du/dt, per second
  double state = 0;  // w
};

/// w and what it owes to u.
struct Reflected {
  double state = 0;
  double slope = 1;      // dw/du, du/dt moving along by c du
  std::int8_t side = 0;  // the bound that was met on the way, +1 or -1; 0: none
};

/// The state `elapsed` seconds behind `from`, where u has come to `free` with the slope `rate`. Between them
/// u is the cubic of these values and slopes: whether it turned on the way, and how far it had gone, decides
/// where the state left a bound. `c` (1/s) is the integrator's leading coefficient, 0 where no slope is
/// asked.
inline Reflected reflect(const PathPoint& from, double free, double rate, double elapsed, double c,
                         double lower, double upper) {
  const double change = free - from.free;
  // Until it turns u goes by `peak`, then by the rest; where it does not turn by all of it.
  double peak = change;
  double peak_slope = 1;
  if (elapsed > 0 && from.rate * rate < 0) {
    const double first = elapsed * from.rate;
    const double last = elapsed * rate;
    const double quadratic = 3 * change - 2 * first - last;
    const double cubic = first + last - 2 * change;
    // The root of first + 2 quadratic s + 3 cubic s² between 0 and 1; the sum in the denominator cannot
    // cancel.
    const double root = std::sqrt(std::max(0.0, quadratic * quadratic - 3 * cubic * first));
    const double s = std::clamp(-first / (quadratic + std::copysign(root, -first)), 0.0, 1.0);
    peak = s * (first + s * (quadratic + s * cubic));
    peak_slope = s * s * (3 - 2 * s - elapsed * c * (1 - s));
  }
  Reflected result;
  const auto stop = [&](double w, double slope) {
    if (w > upper || w < lower) {
      result.side = w > upper ? 1 : -1;
      result.slope = 0;
      return std::clamp(w, lower, upper);
    }
    result.slope = slope;
    return w;
  };
  double w = stop(from.state + peak, peak_slope);
  if (peak != change) {
    const double way = result.slope;
    w = stop(w + (change - peak), way + 1 - peak_slope);
  }
  result.state = w;
  return result;
}

}  // namespace memspice
