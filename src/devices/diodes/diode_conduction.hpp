#pragma once

#include <cmath>

#include "devices/junction.hpp"

namespace memspice {

/// The current of a diode's junction that depends on its voltage alone: SPICE's ideal law with its reverse
/// branch and breakdown, recombination, tunnelling, high injection (ngspice's manual, chapter 7). Currents of
/// 0 and knees of infinity are absent.
struct DiodeConduction {
  double saturation = 0;                  // A, of area and sidewall together unless that has a law of its own
  double nvt = 1;                         // V, emission coefficient times k T/q
  double sidewall = 0, sidewall_nvt = 1;  // A, V
  double recombination = 0, recombination_nvt = 1;
  double recombination_potential = 1, recombination_grading = 0.5;
  double tunnel = 0, tunnel_nvt = 1;
  double breakdown = infinity;            // V, where it begins
  double breakdown_nvt = 1;               // V
  double low_breakdown = 0, low_nvt = 1;  // A at `low_start`, V
  double low_start = infinity;            // V
  double knee = infinity;                 // A, of forward injection
  double reverse_knee = infinity;         // A

  template <class Real>
  [[nodiscard]] Real current(const Real& u) const {
    using std::sqrt;
    const bool reverse = u < Real(-3 * nvt);
    Real i = junction_current(u, saturation, nvt, breakdown, breakdown_nvt);
    if (sidewall > 0) i += junction_current(u, sidewall, sidewall_nvt, breakdown, breakdown_nvt);
    if (recombination > 0) i += recombined(reverse ? Real(-3 * nvt) : u);
    if (tunnel > 0) i -= tunnel * (bounded_exp(-u / tunnel_nvt) - 1.0);
    if (low_breakdown > 0)
      i -= low_breakdown * (bounded_exp(-(low_start + u) / low_nvt) - std::exp(-low_start / low_nvt));
    constexpr double least = 1e-18;  // A; below, as in ngspice, there is no high injection
    if (!reverse && knee < infinity && i > Real(least)) return i / (1.0 + sqrt(i / knee));
    if (reverse && reverse_knee < infinity && i < Real(-least)) return i / (1.0 + sqrt(i / -reverse_knee));
    return i;
  }

 private:
  /// Generation and recombination in the depleted zone, which is as wide as its charge says.
  template <class Real>
  [[nodiscard]] Real recombined(const Real& u) const {
    using std::exp;
    using std::log;
    const Real a = 1.0 - u / recombination_potential;
    const Real width = exp(0.5 * recombination_grading * log(a * a + 0.005));
    return recombination * (bounded_exp(u / recombination_nvt) - 1.0) * width;
  }
};

}  // namespace memspice
