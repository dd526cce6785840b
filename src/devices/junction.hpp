#pragma once

#include <algorithm>
#include <cmath>

#include "memspice/model.hpp"

namespace memspice {

// What the pn junctions of diodes, bipolar, JFET and MOS transistors have in common.

inline constexpr double elementary_charge = 1.602176634e-19;                       // C
inline constexpr double boltzmann_over_charge = 1.380649e-23 / elementary_charge;  // V/K
inline constexpr double kelvin_at_zero_celsius = 273.15;
inline constexpr double reference_kelvin = 300.15;  // of SPICE's formulas of silicon

/// k T/q, V.
inline double thermal_voltage(double kelvin) {
  return boltzmann_over_charge * kelvin;
}

/// f(u) by its derivative along u alone, which costs less than to carry all directions through f.
template <class Function>
double along(double u, Function&& f) {
  return f(u);
}
template <int N, class Function>
Dual<N> along(const Dual<N>& u, Function&& f) {
  const Dual<1> y = f(Dual<1>::variable(u.value, 0));
  Dual<N> result(y.value);
  for (int i = 0; i < N; ++i) result.derivative[i] = y.derivative[0] * u.derivative[i];
  return result;
}

/// e^x, continued along its tangent where a current of 1e-14 A would be one of 1e20 A: Newton's method comes
/// there on its way, a solution does not.
template <class Real>
Real bounded_exp(const Real& x) {
  using std::exp;
  constexpr double last = 80;
  if (!(x > Real(last))) return exp(x);
  return std::exp(last) * (1.0 + (x - last));
}

/// Current of a pn junction, A: SPICE's ideal law with its reverse branch and its breakdown at -breakdown (V;
/// infinity: none). Slopes vt in volt.
template <class Real>
Real junction_current(const Real& u, double saturation, double vt, double breakdown, double breakdown_vt) {
  if (!(u < Real(-3 * vt))) return saturation * (bounded_exp(u / vt) - 1.0);
  if (u < Real(-breakdown)) return -saturation * bounded_exp(-(breakdown + u) / breakdown_vt);
  const Real arg = 3 * vt / (u * std::exp(1.0));
  return -saturation * (1.0 + arg * arg * arg);
}

/// The value of a number with or without derivatives.
inline double number_of(double x) {
  return x;
}
template <int N>
double number_of(const Dual<N>& x) {
  return x.value;
}

/// SPICE's pnjlim: how far a Newton step may move the voltage of a junction of slope vt (V) from `before`.
/// Above `critical` an exponential is followed by its logarithm.
inline double limit_junction(double after, double before, double vt, double critical) {
  if (!(after > critical && std::abs(after - before) > vt + vt)) return after;
  if (before > 0) {
    const double arg = 1 + (after - before) / vt;
    return arg > 0 ? before + vt * std::log(arg) : critical;
  }
  return vt * std::log(after / vt);
}

/// The same of a junction that breaks down at -breakdown (V; infinity: it does not), with the slope there.
inline double limit_diode(double after, double before, double vt, double critical, double breakdown,
                          double breakdown_vt) {
  if (breakdown < infinity && after < std::min(0.0, 10 * breakdown_vt - breakdown))
    return -(limit_junction(-(after + breakdown), -(before + breakdown), breakdown_vt, critical) + breakdown);
  return limit_junction(after, before, vt, critical);
}

/// Voltage (V) above which a junction of this saturation current (A) bends too much for Newton's method.
inline double critical_voltage(double saturation, double vt) {
  return vt * std::log(vt / (std::sqrt(2.0) * saturation));
}

/// A depletion capacitance C(v) = c0 (1 - v/p)^-m below fc p and along its tangent above.
struct Depletion {
  double c0 = 0;  // F, at 0 V
  double p = 1;   // V, built-in potential
  double m = 0.5;
  double corner = 0.5;  // V, fc p

  /// Charge, C, 0 at 0 V.
  template <class Real>
  [[nodiscard]] Real charge(const Real& v) const {
    using std::exp;
    using std::log;
    if (c0 == 0) return Real(0.0);
    if (v < Real(corner)) {
      const Real a = 1.0 - v / p;
      if (m == 1) return -c0 * p * log(a);
      return c0 * p / (1 - m) * (1.0 - a * exp(-m * log(a)));
    }
    const double a = 1 - corner / p;
    const double at_corner = m == 1 ? -c0 * p * std::log(a) : c0 * p / (1 - m) * (1 - std::pow(a, 1 - m));
    const double slope = c0 * std::pow(a, -m);
    const double bend = m * slope / (p * a);  // dC/dv
    const Real d = v - corner;
    return at_corner + d * (slope + 0.5 * bend * d);
  }
};

/// How built-in potentials and capacitances change with temperature (SPICE's formulas of silicon), from the
/// temperature at which they are given.
class JunctionTemperature {
 public:
  JunctionTemperature(double kelvin, double nominal)
      : ratio_(kelvin / reference_kelvin),
        nominal_ratio_(nominal / reference_kelvin),
        kelvin_(kelvin),
        nominal_(nominal),
        shift_(shift(kelvin)),
        nominal_shift_(shift(nominal)) {}

  /// Built-in potential (V) that is `given` at the nominal temperature.
  [[nodiscard]] double potential(double given) const { return ratio_ * at_reference(given) + shift_; }
  /// Factor of a capacitance of this grading.
  [[nodiscard]] double capacitance_factor(double given_potential, double grading) const {
    const double p = at_reference(given_potential);
    const double old_part = (given_potential - p) / p;
    const double new_part = (potential(given_potential) - p) / p;
    return (1 + grading * (4e-4 * (kelvin_ - reference_kelvin) - new_part)) /
           (1 + grading * (4e-4 * (nominal_ - reference_kelvin) - old_part));
  }

  /// Band gap of silicon, eV.
  static double silicon_gap(double kelvin) { return 1.16 - 7.02e-4 * kelvin * kelvin / (kelvin + 1108); }

 private:
  static double shift(double kelvin) {
    const double vt = thermal_voltage(kelvin);
    const double arg = -silicon_gap(kelvin) / (2 * vt) + 1.1150877 / (2 * thermal_voltage(reference_kelvin));
    return -2 * vt * (1.5 * std::log(kelvin / reference_kelvin) + arg);
  }
  [[nodiscard]] double at_reference(double given) const { return (given - nominal_shift_) / nominal_ratio_; }

  double ratio_, nominal_ratio_, kelvin_, nominal_, shift_, nominal_shift_;
};

}  // namespace memspice
