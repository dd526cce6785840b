#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <type_traits>

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

/// The value of a number with or without derivatives.
inline double number_of(double x) {
  return x;
}
template <int N>
double number_of(const Dual<N>& x) {
  return x.value;
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

/// The same of several functions of three voltages.
template <class Function>
auto along(double u, double v, double w, Function&& f) {
  return f(u, v, w);
}
template <int N, class Function>
auto along(const Dual<N>& u, const Dual<N>& v, const Dual<N>& w, Function&& f) {
  using Three = Dual<3>;
  const auto y = f(Three::variable(u.value, 0), Three::variable(v.value, 1), Three::variable(w.value, 2));
  std::array<Dual<N>, std::tuple_size_v<std::remove_const_t<decltype(y)>>> result;
  for (std::size_t k = 0; k < y.size(); ++k) {
    result[k].value = y[k].value;
    const auto& slope = y[k].derivative;
    for (int i = 0; i < N; ++i)
      result[k].derivative[i] =
          slope[0] * u.derivative[i] + slope[1] * v.derivative[i] + slope[2] * w.derivative[i];
  }
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

/// A depletion capacitance C(v) = c0 (1 - v/p)^-m below the corner and along its tangent above.
class Depletion {
 public:
  Depletion() = default;
  /// F, at 0 V; built-in potential, V; grading; fc p, V
  Depletion(double capacitance, double potential, double grading, double corner)
      : c0_(capacitance), p_(potential), m_(grading), corner_(corner) {
    const double a = 1 - corner / p_;
    at_corner_ = below(corner);
    slope_ = c0_ * std::pow(a, -m_);
    bend_ = m_ * slope_ / (p_ * a);
  }

  [[nodiscard]] double at_zero() const { return c0_; }   // F
  [[nodiscard]] double potential() const { return p_; }  // V
  /// Another of this law, of `capacitance` at 0 V.
  [[nodiscard]] Depletion of_size(double capacitance) const { return {capacitance, p_, m_, corner_}; }

  /// Charge, C, 0 at 0 V.
  template <class Real>
  [[nodiscard]] Real charge(const Real& v) const {
    if (c0_ == 0) return Real(0.0);
    if (number_of(v) == 0) return c0_ * v;  // a bulk at its source, with the same slope
    if (v < Real(corner_)) return along(v, [this](const auto& u) { return this->below(u); });
    const Real d = v - corner_;
    return at_corner_ + d * (slope_ + 0.5 * bend_ * d);
  }

 private:
  template <class Real>
  [[nodiscard]] Real below(const Real& v) const {
    using std::exp;
    using std::log;
    using std::sqrt;
    const Real a = 1.0 - v / p_;
    if (m_ == 0.5) return 2 * c0_ * p_ * (1.0 - sqrt(a));
    if (m_ == 1) return -c0_ * p_ * log(a);
    return c0_ * p_ / (1 - m_) * (1.0 - exp((1 - m_) * log(a)));
  }

  double c0_ = 0;
  double p_ = 1;
  double m_ = 0.5;
  double corner_ = 0.5;
  double at_corner_ = 0;  // C
  double slope_ = 0;      // C(corner), F
  double bend_ = 0;       // dC/dv there, F/V
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
