#pragma once

#include "devices/linear_memristor.hpp"
#include "devices/memristors/drift_window.hpp"

namespace memspice {

/// The linear memristor with a window: as LinearMemristor, but for
///
///     dw/dt = α w - J (Ron/β) i f(w)   (control=current)    [1/s]
///     dw/dt = α w - J (v/β) f(w)       (control=voltage)
///
/// with a window f (DriftWindow). A class of its own, so that the one without a window pays nothing for it:
/// the cards of level 1 become the one or the other.
class WindowedMemristor : LinearMemristor {
 public:
  using LinearMemristor::branches;
  using LinearMemristor::conducts_by_state;
  using LinearMemristor::noises;
  using LinearMemristor::unknowns;
  static DeviceType describe();

  explicit WindowedMemristor(std::span<const double> values);

  template <class Real>
  void equations(const Local<WindowedMemristor, Real>& x, Equations<WindowedMemristor, Real>& f) const {
    const Real& w = x.unknown[0];
    const Real current = x.voltage[0] / resistance(w);
    const Real drift = -(current_gain_ * current) - voltage_gain_ * x.voltage[0];
    f.current[0] = current;
    f.unknown[0] = alpha_ * w + drift * window_(w, drift > Real(0.0));
  }

  template <class Real>
  [[nodiscard]] Real observe(std::size_t, const Local<WindowedMemristor, Real>& x) const {
    return resistance(x.unknown[0]);
  }

  void noise(const Local<WindowedMemristor, double>& x, double kelvin, double,
             std::span<double> density) const {
    density[0] = thermal_noise(kelvin, 1 / resistance(x.unknown[0]));
  }

 private:
  DriftWindow window_;
};

}  // namespace memspice
