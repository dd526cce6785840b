#pragma once

#include <array>
#include <cmath>
#include <span>

#include "memspice/model.hpp"

namespace memspice {

/// A diode of three straight lines, LTspice's model of Ron, Roff, Vfwd …: off between the breakdown and the
/// forward voltage, with a parabola before each of the steep lines and limits that they approach as a tanh.
class StraightDiode {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 0> unknowns{};
  static DeviceType describe();

  explicit StraightDiode(std::span<const double> values);

  template <class Real>
  void equations(const Local<StraightDiode, Real>& x, Equations<StraightDiode, Real>& f) const {
    const Real& v = x.voltage[0];
    f.current[0] = off_ * v + forward_.beyond(v) - reverse_.beyond(-v);
  }

  static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
  void noise(const Local<StraightDiode, double>& x, double kelvin, double hertz,
             std::span<double> density) const;

 private:
  /// What a steep line carries above that of the resistance of the diode that is off.
  struct Line {
    double start = infinity;  // V
    double width = 0;         // V, of the parabola
    double conductance = 0;   // S, added
    double limit = infinity;  // A

    template <class Real>
    [[nodiscard]] Real beyond(const Real& v) const {
      using std::exp;
      if (!(v > Real(start))) return Real(0.0);
      const Real d = v - start;
      const Real i = d < Real(width) ? 0.5 * conductance / width * d * d : conductance * (d - 0.5 * width);
      if (limit == infinity) return i;
      const Real e = exp(-2.0 / limit * i);
      return limit * (1.0 - e) / (1.0 + e);
    }
  };

  double off_;  // S
  Line forward_, reverse_;
};

}  // namespace memspice
