#pragma once

#include "memspice/model.hpp"

namespace memspice {

/// The ideal linear memristor of Caravelli (2017), Eq 1 and 2:
///
///     v = P R(w) i,   R(w) = Ron (1 - w) + Roff w      [ohm]
///     dw/dt = α w - J (Ron/β) i   (control=current)    [1/s]
///     dw/dt = α w - J v/β         (control=voltage)
///
/// with 0 ≤ w ≤ 1 by projected dynamics, polarity J = ±1 and P = -1 for an active device.
class LinearMemristor {
 public:
  static constexpr int branches = 1;
  static constexpr bool conducts_by_state = true;
  static constexpr std::array<UnknownDescription, 1> unknowns{
      UnknownDescription{.name = "w", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "w0"}};
  static DeviceType describe();

  explicit LinearMemristor(std::span<const double> values);

  template <class Real>
  void equations(const Local<LinearMemristor, Real>& x, Equations<LinearMemristor, Real>& f) const {
    const Real& w = x.unknown[0];
    const Real current = x.voltage[0] / resistance(w);
    f.current[0] = current;
    f.unknown[0] = alpha_ * w - current_gain_ * current - voltage_gain_ * x.voltage[0];
  }

  template <class Real>
  [[nodiscard]] Real observe(std::size_t, const Local<LinearMemristor, Real>& x) const {
    return resistance(x.unknown[0]);
  }

  /// That of a resistor of R(w). The state sees the voltage that the noise makes, as any other.
  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<LinearMemristor, double>& x, double kelvin, double,
             std::span<double> density) const {
    density[0] = thermal_noise(kelvin, 1 / resistance(x.unknown[0]));
  }

 protected:
  /// R(w) of an active device with its sign, ohm.
  template <class Real>
  [[nodiscard]] Real resistance(const Real& w) const {
    return low_ + span_ * w;
  }

  double low_;           // P Ron, ohm
  double span_;          // P (Roff - Ron), ohm
  double alpha_;         // 1/s
  double current_gain_;  // J Ron/β, 1/(A s); 0 under voltage control
  double voltage_gain_;  // J/β, 1/(V s); 0 under current control
};

/// Settles the stored parameters of a memristor of level 1 with those of its card, which begin at `m`:
/// copies, and β = D²/μ of the physical form.
std::optional<ParameterProblem> settle_linear_memristor(std::span<double> values, std::size_t m);

}  // namespace memspice
