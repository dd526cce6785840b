#pragma once

#include "devices/fet/junction_fet.hpp"
#include "devices/fet/statz_gate.hpp"

namespace memspice {

/// What the channel's current of Parker and Skellern's transistor depends on, beside constants of the gate.
struct ParkerSkellernChannel {
  explicit ParkerSkellernChannel(std::span<const double> values, double potential, double size);

  /// A, before it heats the channel. The traps follow the voltages after a while; at rest they are at them.
  template <class Real>
  [[nodiscard]] Real current(const Real& vgs, const Real& vgd, const Real& trap_s, const Real& trap_d) const {
    if (vgs < vgd) return -forward(vgd, vgs, trap_d, trap_s);
    return forward(vgs, vgd, trap_s, trap_d);
  }

  double threshold;  // V
  double heating;    // 1/W, delta
  double gate_time, heat_time;

 private:
  /// Of vgs >= vgd.
  template <class Real>
  [[nodiscard]] Real forward(const Real& vgs, const Real& vgd, const Real& trap_s, const Real& trap_d) const {
    using std::sqrt;
    const Real vds = vgs - vgd;
    const Real over = vgs - threshold - (low_[0] - low_[1] * trap_s + low_[2] * trap_d) * trap_d +
                      (fast_gate_[0] - fast_gate_[1] * trap_d + fast_gate_[2] * trap_s) * (trap_s - vgs) +
                      (fast_drain_[0] - fast_drain_[1] * trap_s + fast_drain_[2] * trap_d) * (trap_d - vgd);
    const Real open = opened(over, vds);
    if (!(open > Real(0.0))) return Real(0.0);
    const Real pulled = vds * triode_ * power_of(open, triode_exponent_ - exponent_);
    const Real saturation = open / (1.0 + open / (saturation_bend_ * open + saturation_));
    const Real a = knee_ * pulled + 0.5 * saturation, b = a - saturation;
    const Real rounding = 0.25 * sharpness_ * saturation * saturation;
    const Real inner = sqrt(a * a + rounding) - sqrt(b * b + rounding);  // the voltage along the channel
    const Real left = power_of(Real(open - inner), exponent_ - 1);
    return gain_ * (1.0 + modulation_ * vds) * (inner * left + open * (power_of(open, exponent_ - 1) - left));
  }

  /// V, by which the channel is open: falls exponentially below the threshold.
  template <class Real>
  [[nodiscard]] Real opened(const Real& over, const Real& vds) const {
    if (subthreshold_ == 0) return over > Real(0.0) ? over : Real(0.0);
    const Real slope = subthreshold_ * (1.0 + subthreshold_bend_ * vds);
    return over < -37.0 * slope ? Real(0.0) : slope * soft_ramp(Real(over / slope));
  }

  template <class Real>
  static Real power_of(const Real& x, double exponent) {
    using std::exp;
    using std::log;
    if (exponent == 0) return Real(1.0);
    if (exponent == 1) return x;
    if (!(x > Real(0.0))) return Real(0.0);
    return exp(exponent * log(x));
  }

  double gain_;                                             // A/V^exponent
  double modulation_;                                       // 1/V
  std::array<double, 3> low_, fast_gate_, fast_drain_;      // 1, 1/V, 1/V
  double exponent_, triode_exponent_;                       // Q, P
  double triode_;                                           // P/Q / woo^(P-Q)
  double saturation_, saturation_bend_, knee_, sharpness_;  // V, 1, 1, 1
  double subthreshold_, subthreshold_bend_;                 // V, 1/V
};

/// The MESFET and JFET of Parker and Skellern (IEEE Trans. Microwave Theory Tech. 45 (1997) 1563), as
/// ngspice has it as a JFET of level 2: a dual power law with a rounded knee, feedback of the drain that is
/// other at low frequencies than at high ones (traps), and a current that falls as the channel warms.
///
/// With memory the voltages of the traps and the mean power are unknowns that follow with time constants;
/// without it they follow at once.
template <bool with_memory>
class ParkerSkellern {
 public:
  static constexpr auto memories = [] {
    std::array<UnknownDescription, with_memory ? 3 : 0> all{};
    for (auto& each : all) each = {.name = "", .kind = UnknownKind::charge, .quantity = Quantity::voltage};
    if (with_memory) all.back().quantity = Quantity::power;
    return all;
  }();
  static DeviceType describe();

  explicit ParkerSkellern(std::span<const double> values);

  /// A, from drain to source, at rest.
  template <class Real>
  [[nodiscard]] Real channel(const Real& vgs, const Real& vgd) const {
    const Real cold = channel_.current(vgs, vgd, vgs, vgd);
    return cold / (1.0 + channel_.heating * (vgs - vgd) * cold);
  }
  template <class Real>
  [[nodiscard]] Real channel(const Real& vgs, const Real& vgd, std::span<const Real> memory) const {
    const Real cold = channel_.current(vgs, vgd, memory[0], memory[1]);
    return cold / (1.0 + channel_.heating * memory[2]);
  }
  /// What the memories follow: traps the voltages, the mean power the power; and how fast.
  template <class Real>
  [[nodiscard]] std::array<Real, 3> followed(const Real& vgs, const Real& vgd,
                                             std::span<const Real> memory) const {
    return {vgs, vgd, (vgs - vgd) * channel_.current(vgs, vgd, memory[0], memory[1])};
  }
  [[nodiscard]] std::array<double, 3> times() const {
    return {channel_.gate_time, channel_.gate_time, channel_.heat_time};
  }
  /// The memories at rest.
  [[nodiscard]] std::array<double, 3> settled(double vgs, double vgd) const {
    return {vgs, vgd, (vgs - vgd) * channel_.current(vgs, vgd, vgs, vgd)};
  }

  [[nodiscard]] double noise_conductance(double, double, double gm) const { return 2.0 / 3 * gm; }

  JunctionFetConstants constants;
  StatzGate gate;
  double flicker, flicker_exponent;

 private:
  ParkerSkellernChannel channel_;
};

/// The JFET of level 2: with memory where a model has a time constant.
DeviceType parker_skellern_type();

}  // namespace memspice
