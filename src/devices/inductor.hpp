#pragma once

#include "memspice/model.hpp"

namespace memspice {

/// Linear inductor. Its current is a state, di/dt = v/L. A short circuit at the operating point.
class Inductor {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 1> unknowns{UnknownDescription{
      .name = "", .kind = UnknownKind::state, .quantity = Quantity::current, .initial = "ic"}};
  static constexpr bool linear = true;
  static DeviceType describe();

  explicit Inductor(std::span<const double> values) : inductance_(values[0]) {}

  template <class Real>
  void equations(const Local<Inductor, Real>& x, Equations<Inductor, Real>& f) const {
    f.current[0] = x.unknown[0];
    f.unknown[0] = x.voltage[0] / inductance_;
  }

 private:
  double inductance_;  // H
};

}  // namespace memspice
