#pragma once

#include <type_traits>

#include "devices/memristors/memristor_functions.hpp"
#include "memspice/detail/symbolic.hpp"

namespace memspice {

/// The memdiode of Miranda and Aguirre (IEEE Access 8 (2020) 202174; Micromachines 13 (2022) 330): two
/// exponentials behind a series resistance, all of them moved by the state λ,
///
///     i = I(λ) (exp(β α(λ) u) - exp(-(1 - β) α(λ) u)),   u = v - rs(λ) i          [A]
///     I = imax λ + imin (1 - λ), and α and rs likewise
///     dmm   dλ/dt = (1 - λ)/τs - λ/τr,   τs = t0s exp(-v/v0s),   τr = t0r exp(v/v0r)
///     qmm   ch0 dλ/dt = min(R(v), max(S(v), λ)) - λ,
///           S = 1/(1 + exp(-ηset (v - vset))),   R = 1/(1 + exp(-ηres (v - vres)))
///
/// u is found inside of the device, to rounding.
class Memdiode {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 1> unknowns{UnknownDescription{
      .name = "lambda", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "h0"}};
  static DeviceType describe();

  explicit Memdiode(std::span<const double> values);

  template <class Real>
  void equations(const Local<Memdiode, Real>& x, Equations<Memdiode, Real>& f) const {
    const Real& v = x.voltage[0];
    f.current[0] = copies_ * conduction(inner_voltage(x), x.unknown[0]);
    f.unknown[0] = quasi_static_ ? quasi_static_rate(v, x.unknown[0]) : dynamic_rate(v, x.unknown[0]);
  }

  /// Resistance v/i, ohm.
  template <class Real>
  [[nodiscard]] Real observe(std::size_t, const Local<Memdiode, Real>& x) const {
    return resistance(x) / copies_;
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<Memdiode, double>& x, double kelvin, double, std::span<double> density) const {
    density[0] = thermal_noise(kelvin, copies_ / resistance(x));
  }

 private:
  using Ends = std::array<double, 2>;  // at λ = 0 and at λ = 1

  template <class Real>
  static Real mixed(const Ends& ends, const Real& state) {
    return ends[0] + (ends[1] - ends[0]) * state;
  }

  /// Current of one device, A. e^{βa} - e^{-(1-β)a} = e^{(β-½)a} 2 sinh(a/2): it does not cancel at 0.
  template <class Real>
  [[nodiscard]] Real conduction(const Real& u, const Real& state) const {
    const Real a = mixed(alpha_, state) * u;
    if (a < Real(1.0) && a > Real(-1.0)) {
      using std::exp;
      return mixed(scale_, state) * exp((balance_ - 0.5) * a) * 2.0 * bounded_sinh(0.5 * a);
    }
    return mixed(scale_, state) * (bounded_exp(balance_ * a) - bounded_exp((balance_ - 1) * a));
  }

  static double number(double x) { return x; }
  template <int N>
  static double number(const Dual<N>& x) {
    return x.value;
  }

  /// u of one number, between 0 and v.
  [[nodiscard]] double solve_inner(double v, double state) const;

  template <class Real>
  [[nodiscard]] Real inner_voltage(const Local<Memdiode, Real>& x) const {
    if constexpr (std::is_same_v<Real, Symbolic>)
      return SymbolicRecorder::current().solution([&](Symbolic u) {
        return x.voltage[0] - u - mixed(series_, x.unknown[0]) * conduction(u, x.unknown[0]);
      });
    else
      return solved_voltage(x);
  }
  /// u with its derivatives: a step of Newton's method from the solution.
  template <class Real>
  [[nodiscard]] Real solved_voltage(const Local<Memdiode, Real>& x) const {
    const double u = solve_inner(number(x.voltage[0]), number(x.unknown[0]));
    const Dual<1> at = Dual<1>::variable(u, 0);
    const double slope = conduction(at, Dual<1>(number(x.unknown[0]))).derivative[0];
    const Real series = mixed(series_, x.unknown[0]);
    const Real excess = x.voltage[0] - u - series * conduction(Real(u), x.unknown[0]);
    return u + excess / (1 + number(series) * slope);
  }

  template <class Real>
  [[nodiscard]] Real resistance(const Local<Memdiode, Real>& x) const {
    const Real u = inner_voltage(x);
    const Real series = mixed(series_, x.unknown[0]);
    if (u > Real(0.0) || u < Real(0.0)) return u / conduction(u, x.unknown[0]) + series;
    return 1.0 / (mixed(scale_, x.unknown[0]) * mixed(alpha_, x.unknown[0])) + series;
  }

  template <class Real>
  [[nodiscard]] Real dynamic_rate(const Real& v, const Real& state) const {
    return bounded_exp(v / set_slope_) / set_time_ * (1.0 - state) -
           bounded_exp(-v / reset_slope_) / reset_time_ * state;
  }

  template <class Real>
  [[nodiscard]] Real quasi_static_rate(const Real& v, const Real& state) const {
    const Real lowest = logistic(set_steepness_ * (v - set_voltage_));
    const Real highest = logistic(reset_steepness_ * (v - reset_voltage_));
    const Real raised = lowest > state ? lowest : state;
    return ((highest < raised ? highest : raised) - state) / lag_;
  }

  Ends scale_, alpha_, series_;  // A, 1/V, ohm
  double balance_;
  double set_time_, set_slope_, reset_time_, reset_slope_;                      // s, V, s, V
  double set_voltage_, set_steepness_, reset_voltage_, reset_steepness_, lag_;  // V, 1/V, V, 1/V, s
  double copies_;
  bool quasi_static_;
};

}  // namespace memspice
