#pragma once

#include "memspice/model.hpp"

namespace memspice {

/// Linear resistor, i = v/R. R may be negative. A resistance of zero never gets here: it is a short circuit,
/// which the equation system turns into one potential.
class Resistor {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 0> unknowns{};
  static constexpr bool linear = true;
  static DeviceType describe();

  explicit Resistor(std::span<const double> values) : resistance_(values[0]) {}

  template <class Real>
  void equations(const Local<Resistor, Real>& x, Equations<Resistor, Real>& f) const {
    f.current[0] = x.voltage[0] / resistance_;
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<Resistor, double>&, double kelvin, double, std::span<double> density) const {
    density[0] = thermal_noise(kelvin, 1 / resistance_);
  }

 private:
  double resistance_;  // ohm
};

}  // namespace memspice
