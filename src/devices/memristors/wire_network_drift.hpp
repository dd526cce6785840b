#pragma once

#include "devices/memristors/memristor_functions.hpp"

namespace memspice {

/// The three models of MemNNetSim (Kasdorf), in SI units: the drift of HP's memristor (Strukov and others,
/// Nature 453 (2008) 80), with decay, and with a decay that learns (SLT: Chen and others, Physics Letters A
/// 378 (2014) 2924),
///
///     i = v/R(x),   R = ron (x + ρ (1 - x)),   l = µ ron i/w0²                    [A, 1/s]
///     hp       dx/dt = l f(x)
///     decay    dx/dt = l f(x) - x/τ
///     slt      dx/dt = (l - (x - ε)/τ) f(x),   dτ/dt = θ l (a - x),   dε/dt = σ l f(x)
///
/// for 0 ≤ x ≤ 1, 0 ≤ ε ≤ 1, τ ≥ taumin. MemNNetSim takes the magnitude of every junction's voltage with the
/// sign of the source: sign=source reads it between the terminals s+ and s-; sign=junction takes the
/// junction's own. Its units are w0²/(µ · 1 V) for time: θ here is θ there times that.
class WireNetworkDrift {
 public:
  static constexpr int branches = 2;
  static constexpr std::array<UnknownDescription, 3> unknowns{
      UnknownDescription{.name = "x", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "x0"},
      UnknownDescription{.name = "tau", .kind = UnknownKind::state, .lower = 0, .initial = "tau0"},
      UnknownDescription{
          .name = "eps", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "eps0"}};
  static DeviceType describe();

  explicit WireNetworkDrift(std::span<const double> values);
  [[nodiscard]] StateBounds bounds(int unknown) const {
    return unknown == 1 ? StateBounds{.lower = least_tau_} : StateBounds{0, 1};
  }

  template <class Real>
  void equations(const Local<WireNetworkDrift, Real>& x, Equations<WireNetworkDrift, Real>& f) const {
    const Real& state = x.unknown[0];
    const Real current = x.voltage[0] / resistance(x);  // of one junction
    f.current[0] = copies_ * current;
    f.current[1] = Real(0.0);
    Real drive = drift_ * current;
    if (source_sign_) drive = x.voltage[1] < Real(0.0) ? -magnitude(drive) : magnitude(drive);
    const Real window = window_of(state);
    f.unknown[0] = drive * window;
    f.unknown[1] = Real(0.0);
    f.unknown[2] = Real(0.0);
    if (variant_ == Variant::decay) f.unknown[0] -= state / x.unknown[1];
    if (variant_ != Variant::slt) return;
    f.unknown[0] -= (state - x.unknown[2]) / x.unknown[1] * window;
    f.unknown[1] = learning_ * drive * (turning_ - state);
    f.unknown[2] = raise_ * drive * window;
  }

  template <class Real>
  [[nodiscard]] Real observe(std::size_t, const Local<WireNetworkDrift, Real>& x) const {
    return resistance(x) / copies_;
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<WireNetworkDrift, double>& x, double kelvin, double,
             std::span<double> density) const {
    density[0] = thermal_noise(kelvin, copies_ / resistance(x));
  }

 private:
  enum class Variant { hp, decay, slt };

  template <class Real>
  [[nodiscard]] Real resistance(const Local<WireNetworkDrift, Real>& x) const {
    return off_ + (on_ - off_) * x.unknown[0];
  }

  /// Joglekar's 1 - (2x - 1)^(2p), or 1.
  template <class Real>
  [[nodiscard]] Real window_of(const Real& x) const {
    Real power(1.0);
    const Real square = (2.0 * x - 1.0) * (2.0 * x - 1.0);
    for (int i = 0; i < window_exponent_; ++i) power *= square;
    return window_exponent_ > 0 ? 1.0 - power : power;
  }

  double on_, off_;                    // ohm
  double drift_;                       // 1/(A s)
  double raise_, learning_, turning_;  // σ, θ (s), a
  double least_tau_;                   // s
  double copies_;
  Variant variant_;
  bool source_sign_;
  int window_exponent_;  // 0: no window
};

}  // namespace memspice
