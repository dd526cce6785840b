#pragma once

#include "devices/memristors/drift_window.hpp"

namespace memspice {

/// The linear memristor with a window: as LinearMemristor, but for
///
///     dw/dt = α w - J (Ron/β) i f(w)   (control=current)    [1/s]
///     dw/dt = α w - J (v/β) f(w)       (control=voltage)
///
/// with a window f (DriftWindow). A class of its own, so that the one without a window pays nothing for it:
/// the cards of level 1 become the one or the other.
class WindowedMemristor {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 1> unknowns{
      UnknownDescription{.name = "w", .kind = UnknownKind::state, .lower = 0, .upper = 1, .initial = "w0"}};
  static DeviceType describe();

  explicit WindowedMemristor(std::span<const double> values);

  template <class Real>
  void equations(const Local<WindowedMemristor, Real>& x, Equations<WindowedMemristor, Real>& f) const {
    const Real& w = x.unknown[0];
    const Real current = x.voltage[0] / (low_ + span_ * w);
    const Real drift = -(current_gain_ * current) - voltage_gain_ * x.voltage[0];
    f.current[0] = current;
    f.unknown[0] = alpha_ * w + drift * window_(w, drift > Real(0.0));
  }

  template <class Real>
  [[nodiscard]] Real observe(std::size_t, const Local<WindowedMemristor, Real>& x) const {
    return low_ + span_ * x.unknown[0];
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<WindowedMemristor, double>& x, double kelvin, double,
             std::span<double> density) const {
    density[0] = thermal_noise(kelvin, 1 / (low_ + span_ * x.unknown[0]));
  }

 private:
  double low_;           // P Ron, ohm
  double span_;          // P (Roff - Ron), ohm
  double alpha_;         // 1/s
  double current_gain_;  // J Ron/β, 1/(A s); 0 under voltage control
  double voltage_gain_;  // J/β, 1/(V s); 0 under current control
  DriftWindow window_;
};

}  // namespace memspice
