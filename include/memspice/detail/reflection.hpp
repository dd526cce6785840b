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
//
// At rest u would go on at whatever rate f has, and nothing of it is ever asked for but where it turns. A
// free motion that has left a bound behind by more than the range in one step is stopped there: du/dt = 0 as
// long as f points out, and f from the moment on when it does not. The integrator's memory holds steps of
// before: until they are out of it, u says nothing, and a turn that comes so soon asks for a restart.

/// A state at the last accepted point of the integration.
struct PathPoint {
  double free = 0;        // u, what the integrator has
  double rate = 0;        // du/dt, per second
  double state = 0;       // w
  std::uint8_t rest = 0;  // steps since u was stopped, at most `settled`; 0: it goes on

  /// Steps that the integrator's memory, of order 5, has of a free motion.
  static constexpr std::uint8_t settled = 8;
  /// u says nothing.
  [[nodiscard]] bool is_settling() const { return rest > 0 && rest < settled; }
};

/// What a stopped motion may move by without having turned, of the range.
inline constexpr double rounding_at_rest = 1e-10;

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
  if (from.is_settling())
    return {.state = from.state, .slope = 0, .side = static_cast<std::int8_t>(from.state >= upper ? 1 : -1)};
  const double change = free - from.free;
  if (from.rest > 0 && std::abs(change) < rounding_at_rest * (upper - lower))
    return {.state = from.state, .side = static_cast<std::int8_t>(from.state >= upper ? 1 : -1)};
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

/// The first point of a path, which begins with the state y; `before` is where another one has ended. What
/// was stopped there has no memory now.
inline PathPoint begun(const PathPoint& before, double y, double derivative, double lower, double upper) {
  PathPoint first{y, derivative, std::clamp(y, lower, upper)};
  if (before.rest > 0 && (first.state <= lower || first.state >= upper)) first.rest = PathPoint::settled;
  return first;
}

/// The next accepted point: u, du/dt and the state there.
inline PathPoint advanced(const PathPoint& from, double free, double rate, double state, double lower,
                          double upper) {
  constexpr double far = 1;  // of the range, in one step
  PathPoint next{free, rate, state};
  const double out = state >= upper ? 1 : state <= lower ? -1 : 0;
  if (out == 0 || state != from.state) return next;
  if (from.rest == PathPoint::settled) next.free = from.free;  // or a slow motion would count as rounding
  if (from.rest > 0)
    next.rest = std::min<std::uint8_t>(from.rest + 1, PathPoint::settled);
  else if (out * (free - from.free) > far * (upper - lower) && out * rate > 0)
    next.rest = 1;
  if (next.rest > 0) next.rate = 0;
  return next;
}

}  // namespace memspice
