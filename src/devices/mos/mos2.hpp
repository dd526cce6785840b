#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "devices/mos/mos_card.hpp"
#include "devices/mos/mos_gate.hpp"

namespace memspice {

/// Level 2: SPICE's geometrical channel (Vladimirescu and Liu, UCB/ERL M80/7), whose bulk charge varies along
/// it.
class Mos2 {
 public:
  static constexpr MosRules rules{.level = 2, .side_grading = 0.33, .oxide = 1e-7};

  explicit Mos2(const MosCard& card);

  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double length() const { return length_; }

  template <class Real>
  [[nodiscard]] ChannelState<Real> conduct(const Real& vgs, const Real& vds, const Real& vbs) const {
    using std::exp;
    using std::log;
    Ends<Real> ends{bulk_hyperbola(phi_, vbs), bulk_hyperbola(phi_, Real(vbs - vds)), phi_ - vbs, Real(0.0),
                    Real(0.0)};
    ends.gamma = short_gamma(ends);
    ends.flat = flat_ + narrow_ * ends.barrier;
    const Real threshold = ends.flat + ends.gamma * ends.source;
    Real on = threshold, swing(vt_);
    if (surface_states_ > 0) {
      swing = vt_ * (1.0 + surface_states_ + narrow_ + depletion_ratio(ends, vbs, Real(vbs - vds)));
      on = threshold + swing;
    } else if (!(vgs > ends.flat)) {
      return {Real(0.0), on, Real(0.0)};
    }
    const bool weak = surface_states_ > 0 && !(vgs > on);
    const Real gate = weak ? on : vgs;
    Real mobility(1.0);  // part that the gate leaves
    if (vgs - on > Real(critical_)) mobility = exp(critical_exponent_ * log(critical_ / (vgs - on)));
    const Real saturation = saturate(gate, ends, mobility);
    const bool saturated = vds > saturation;
    const Real across = saturated ? saturation : vds;
    const Real at_end =
        saturated ? barrier_root(Real(vbs - saturation), Real(ends.barrier + saturation)) : ends.drain;
    if (weak && !(saturation > Real(0.0))) return {Real(0.0), on, Real(0.0)};
    const Real body = at_end * at_end * at_end - ends.source * ends.source * ends.source;
    const Real over = gate - ends.flat;
    Real current = beta_ * mobility / shortened(vds, saturation, mobility) *
                   ((over - 0.5 * (1.0 + narrow_) * across) * across - ends.gamma * body / 1.5);
    if (weak) current = current * exp((vgs - on) / swing);
    return {current, on, saturation};
  }

 private:
  /// Places of the parameters that only this level has.
  enum Own : std::size_t {
    transconductance,
    modulation,
    delta,
    critical_field,
    critical_exponent,
    velocity,
    junction_depth,
    channel_charge,
    fast_states
  };

  /// What the ends of the channel are, and what follows.
  template <class Real>
  struct Ends {
    Real source, drain;  // V^½: roots of the barriers between bulk and channel there
    Real barrier;        // V, that of the source
    Real gamma;          // V^½, of a short channel
    Real flat;           // V, threshold without the bulk's charge
  };

  /// √barrier where the junction does not conduct.
  template <class Real>
  [[nodiscard]] Real barrier_root(const Real& v, const Real& barrier) const {
    using std::sqrt;
    if (!(v > Real(0.0))) return sqrt(barrier);
    return bulk_hyperbola(phi_, v);
  }

  template <class Real>
  [[nodiscard]] Real edge(const Real& root) const {
    using std::sqrt;
    return sqrt(1.0 + 2 * depletion_width_ / junction_depth_ * root);
  }
  template <class Real>
  [[nodiscard]] Real short_gamma(const Ends<Real>& ends) const {
    if (!(junction_depth_ > 0) || !(depletion_width_ > 0)) return Real(gamma_);
    const double part = 0.5 * junction_depth_ / length_;
    return gamma_ * (1.0 - part * (edge(ends.source) - 1.0) - part * (edge(ends.drain) - 1.0));
  }

  /// Minus the derivative of gamma times root by vbs: the depletion's capacitance over that of the oxide.
  template <class Real>
  [[nodiscard]] Real depletion_ratio(const Ends<Real>& ends, const Real& vbs, const Real& vbd) const {
    const Real by_source = root_slope(ends.source, vbs);
    Real ratio = -ends.gamma * by_source;
    if (junction_depth_ > 0 && depletion_width_ > 0) {
      const Real by_drain = root_slope(ends.drain, vbd);
      ratio = ratio + gamma_ * 0.5 * depletion_width_ / length_ *
                          (by_source / edge(ends.source) + by_drain / edge(ends.drain)) * ends.source;
    }
    return ratio;
  }
  template <class Real>
  [[nodiscard]] Real root_slope(const Real& root, const Real& vbs) const {
    if (!(vbs > Real(0.0))) return -0.5 / root;
    return -0.5 / (phi_ * std::sqrt(phi_)) * root * root;
  }

  /// The voltage between drain and source above which the channel ends before the drain: that of Grove and
  /// Frohman, or with a largest velocity that of Baum.
  template <class Real>
  [[nodiscard]] Real saturate(const Real& gate, const Ends<Real>& ends, const Real& mobility) const {
    using std::sqrt;
    const double eta = 1 + narrow_;
    const Real over = (gate - ends.flat) / eta;
    const Real gamma = ends.gamma / eta;
    Real saturation = over;
    if (gamma > Real(0.0)) {
      const Real square = gamma * gamma;
      const Real inner = over + ends.barrier;
      if (!(inner > Real(0.0))) return Real(0.0);
      saturation = over + 0.5 * square * (1.0 - sqrt(1.0 + 4.0 * inner / square));
    }
    if (!(saturation > Real(0.0))) saturation = Real(0.0);
    if (!(velocity_ > 0)) return saturation;
    const Real v1 = over + ends.barrier;
    if (!(v1 > Real(0.0))) return Real(0.0);
    const Real xv = velocity_ * length_ / (mobility_ * mobility);
    const Real cube = ends.source * ends.source * ends.source;
    const std::array<Real, 4> baum{
        gamma / 0.75, -2.0 * (v1 + xv), -2.0 * gamma * xv,
        2.0 * v1 * (ends.barrier + xv) - ends.barrier * ends.barrier - 4.0 / 3 * gamma * cube};
    const double lowest = std::sqrt(std::max(without_slopes(ends.barrier), 0.0));
    const double half = 0.5 * without_slopes(gamma);
    const double x = root_between(
        lowest, std::sqrt(half * half + without_slopes(v1)) - half,
        {without_slopes(baum[0]), without_slopes(baum[1]), without_slopes(baum[2]), without_slopes(baum[3])});
    Real root(x);
    if (x > lowest) {  // a step of Newton's method gives the root its derivatives
      const double slope = ((4 * x + 3 * without_slopes(baum[0])) * x + 2 * without_slopes(baum[1])) * x +
                           without_slopes(baum[2]);
      root = x - ((((x + baum[0]) * x + baum[1]) * x + baum[2]) * x + baum[3]) / slope;
    }
    saturation = root * root - ends.barrier;
    return saturation > Real(0.0) ? saturation : Real(0.0);
  }

  /// The root of x⁴ + a x³ + b x² + c x + d between `low`, where it falls from above 0, and `high`, where it
  /// is below; `low` where there is none. Baum's equation for the root of barrier and saturation voltage has
  /// one there from the threshold on: at √barrier its value is 2 xv (vgs - threshold)/eta, at the saturation
  /// of Grove and Frohman it is not above 0. It is the smallest positive one, which SPICE takes; but SPICE
  /// finds it by Ferrari's formula, with the arc tangent in the wrong quadrant for small and for large
  /// velocities, and goes on without the velocity where that fails: curves with jumps.
  [[nodiscard]] static double root_between(double low, double high, const std::array<double, 4>& abcd);

  /// The part of the channel's length that is left.
  template <class Real>
  [[nodiscard]] Real shortened(const Real& vds, const Real& saturation, const Real& mobility) const {
    using std::sqrt;
    Real lost(0.0);  // of the length
    if (modulation_ > 0 || !(depletion_width_ > 0)) {
      lost = modulation_ * vds;
    } else if (!(velocity_ > 0)) {
      const Real beyond = 0.25 * (vds - saturation);
      lost = depletion_width_ / length_ * sqrt(beyond + sqrt(1.0 + beyond * beyond));
    } else if (vds > saturation) {
      const double width = depletion_width_ / std::sqrt(channel_charge_);
      const Real drift = 0.5 * velocity_ * width / (mobility_ * mobility);
      lost = width / length_ * (sqrt(drift * drift + vds - saturation) - drift);
    }
    const Real left = 1.0 - lost;
    const double least = least_length_ / length_;
    if (!(left < Real(least))) return left;
    return least / (1.0 + (lost * length_ - (length_ - junction_width_)) / least_length_);
  }

  double width_, length_;  // m
  double phi_, gamma_, flat_, vt_;
  double beta_;      // A/V²
  double mobility_;  // m²/(V s)
  double narrow_;    // of a narrow channel
  double critical_;  // V, from which the gate slows the carriers
  double critical_exponent_;
  double velocity_;         // m/s, 0: without limit
  double modulation_;       // 1/V
  double junction_depth_;   // m
  double depletion_width_;  // m/V^½
  double junction_width_;   // m, of the drain's depletion without voltage
  double least_length_;     // m, before punch-through
  double channel_charge_;
  double surface_states_;  // charge of the fast ones over that of the oxide; 0: no weak inversion
};

DeviceType mos2_type();

}  // namespace memspice
