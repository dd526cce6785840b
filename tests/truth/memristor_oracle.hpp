#pragma once

#include <vector>

#include "truth/netlist.hpp"

namespace memspice::truth {

/// The closed form of one memristor without decay behind a resistor at a source whose sign is known between
/// its zeros.
///
/// With R(w) = ron (1 + ξ w) and the source's voltage V, current control is
/// (R + R(w)) dw = -polarity (ron/β) V dt, voltage control (1 + R/R(w)) dw = -polarity V/β dt. Both say that
/// some rising function g(w) moves by the flux of V. At a bound g stops until V turns: between two zeros of V
/// g only rises or only falls, so that one cut at the end is exact.
class MemristorOracle {
 public:
  /// Of a netlist of v1, r1 and y1 in series, or of i1, r1 and y1 side by side.
  explicit MemristorOracle(const Netlist& netlist);
  static bool fits(const Netlist& netlist);

  /// Exact states at times that ascend.
  [[nodiscard]] std::vector<double> states(const std::vector<double>& times) const;
  /// Largest dw(t)/dw(s) of a change at any time s before t: where w0 is at a bound, or a state rests there
  /// for a while, one of w0 alone would hide what becomes of the errors made on the way.
  [[nodiscard]] double amplification() const { return amplification_; }

 private:
  [[nodiscard]] long double g(long double w) const;
  [[nodiscard]] long double slope(long double w) const;
  [[nodiscard]] long double inverse(long double value) const;

  Memristor memristor_;
  Source source_;  // as a voltage that drives a positive current through the memristor
  double resistor_ = 0;
  double initial_ = 0;
  double stop_ = 0;
  double amplification_ = 1;
};

}  // namespace memspice::truth
