#pragma once

#include <cmath>

#include "devices/memristors/drift_window.hpp"

namespace memspice {

/// What TEAM and VTEAM have in common: a state s between 0 (on) and 1 (off) that moves where the drive, a
/// current or a voltage, is beyond one of two thresholds,
///
///     ds/dt = k_off (drive/d_off - 1)^α_off f(s)   drive > d_off > 0
///             k_on (drive/d_on - 1)^α_on f(s)      drive < d_on < 0
///             0                                    between them
///
/// and a resistance that is linear or exponential in s. k_on < 0 < k_off, per second.
struct ThresholdDrift {
  double on_rate = 0;  // 1/s
  double off_rate = 0;
  double on_threshold = 0;  // in the unit of the drive
  double off_threshold = 0;
  double on_exponent = 1;
  double off_exponent = 1;
  double low = 0;     // ohm, at s = 0
  double span = 0;    // ohm, what s = 1 has more
  double lambda = 0;  // ln(roff/ron), where the resistance is exponential; else 0
  DriftWindow window;

  template <class Real>
  [[nodiscard]] Real rate(const Real& drive, const Real& s) const {
    if (drive > Real(off_threshold))
      return off_rate * power(drive / off_threshold - 1.0, off_exponent) * window(s, true);
    if (drive < Real(on_threshold))
      return on_rate * power(drive / on_threshold - 1.0, on_exponent) * window(s, false);
    return Real(0.0);
  }

  template <class Real>
  [[nodiscard]] Real resistance(const Real& s) const {
    using std::exp;
    if (lambda != 0) return low * exp(lambda * s);
    return low + span * s;
  }

  void set_resistance(double on, double off, bool exponential) {
    low = on;
    span = off - on;
    lambda = exponential ? std::log(off / on) : 0;
  }
};

}  // namespace memspice
