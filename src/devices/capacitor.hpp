#pragma once

#include "memspice/model.hpp"

namespace memspice {

/// Linear capacitor. Its voltage is an unknown of its own, u with v - u = 0, and the current is C du/dt: the
/// differential unknown is then a device's, never a difference of node potentials, and capacitors across
/// sources or in loops need no special case.
class Capacitor {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 1> unknowns{UnknownDescription{
      .name = "", .kind = UnknownKind::charge, .quantity = Quantity::voltage, .initial = "ic"}};
  static constexpr bool linear = true;
  static DeviceType describe();

  explicit Capacitor(std::span<const double> values) : capacitance_(values[0]) {}

  template <class Real>
  void equations(const Local<Capacitor, Real>& x, Equations<Capacitor, Real>& f) const {
    f.current[0] = capacitance_ * x.derivative[0];
    f.unknown[0] = x.voltage[0] - x.unknown[0];
  }

 private:
  double capacitance_;  // F
};

}  // namespace memspice
