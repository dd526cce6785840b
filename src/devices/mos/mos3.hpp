#pragma once

#include "devices/mos/mos_card.hpp"
#include "devices/mos/mos_gate.hpp"

namespace memspice {

/// Level 3: SPICE's semi-empirical channel (Vladimirescu and Liu, UCB/ERL M80/7), short and narrow.
class Mos3 {
 public:
  static constexpr MosRules rules{.level = 3,
                                  .side_grading = 0.33,
                                  .oxide = 1e-7,
                                  .flicker_of_one = true,
                                  .soft_reverse = true,
                                  .intrinsic_at_tnom = true};

  explicit Mos3(const MosCard& card);

  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double length() const { return length_; }

  template <class Real>
  [[nodiscard]] ChannelState<Real> conduct(const Real& vgs, const Real& vds, const Real& vbs) const {
    using std::exp;
    using std::sqrt;
    const Real root = bulk_hyperbola(phi_, vbs);
    const Real barrier = root * root;
    const Real shortness = short_channel(root);
    const Real body = 0.25 * gamma_ * shortness / root + narrow_;
    const Real charge = gamma_ * shortness * root + narrow_ * barrier;  // V, of the bulk
    const Real threshold = flat_ - feedback_ * vds + charge;
    Real on = threshold, ideality(1.0);
    if (surface_states_ > 0) {
      ideality = 1.0 + surface_states_ + charge / (2.0 * barrier);
      on = threshold + vt_ * ideality;
    } else if (!(vgs > on)) {
      return {Real(0.0), on, Real(0.0)};
    }
    const bool weak = vgs < on;
    const Real over = (weak ? on : vgs) - threshold;
    const Real loss = 1.0 + theta_ * over;  // of mobility, by the gate
    Real saturation = over / (1.0 + body);
    const Real critical = length_ * velocity_ * loss / (mobility_ > 0 ? mobility_ : 1);  // V
    if (velocity_ > 0)
      saturation = saturation + critical - sqrt(saturation * saturation + critical * critical);
    const bool saturated = vds > saturation;
    const Real across = saturated ? saturation : vds;
    Real current = beta_ / loss * (over - 0.5 * (1.0 + body) * across) * across;
    Real slowness(1.0);
    if (velocity_ > 0) {
      slowness = 1.0 / (1.0 + across / critical);
      current = current * slowness;
    }
    const Real shortened = shortening(vds, saturation, current, slowness, critical);
    current = current / (1.0 - shortened / length_);
    if (weak) current = current * exp((vgs - on) / (ideality * vt_));
    return {current, on, saturation};
  }

 private:
  /// Places of the parameters that only this level has.
  enum Own : std::size_t {
    transconductance,
    delta,
    theta,
    eta,
    kappa,
    velocity,
    junction_depth,
    fast_states,
    length_change,
    width_loss,
    width_change,
    threshold_change
  };

  /// How much smaller the charge under a short gate is.
  template <class Real>
  [[nodiscard]] Real short_channel(const Real& root) const {
    using std::sqrt;
    if (!(junction_depth_ > 0) || !(depletion_width_ > 0)) return Real(1.0);
    const Real reach = depletion_width_ / junction_depth_ * root;
    const Real arc = 0.0631353 + reach * (0.8013292 - 0.01110777 * reach);
    const double under = lateral_ / junction_depth_;
    const Real part = reach / (1.0 + reach);
    return 1.0 - junction_depth_ / length_ * ((arc + under) * sqrt(1.0 - part * part) - under);
  }

  /// By how much the channel ends before the drain, m.
  template <class Real>
  [[nodiscard]] Real shortening(const Real& vds, const Real& saturation, const Real& current,
                                const Real& slowness, const Real& critical) const {
    using std::sqrt;
    Real l(0.0);
    if (!(pinch_ > 0)) return l;
    if (!(vds > saturation)) {
      if (velocity_ > 0 || !(saturation > Real(0.0))) return l;
      const Real part = vds / saturation;
      l = part * part * part * part * sqrt(pinch_ / 8 * saturation);
    } else if (velocity_ > 0) {
      Real conductance = current * (1.0 - slowness) / critical;
      if (!(conductance > Real(1e-12))) conductance = Real(1e-12);
      const Real field = 0.5 * pinch_ * current / (length_ * conductance);
      l = sqrt(field * field + pinch_ * (vds - saturation)) - field;
    } else {
      l = sqrt(pinch_ * (vds - 0.875 * saturation));
    }
    if (l > Real(0.5 * length_)) l = length_ - length_ * length_ / (4.0 * l);  // before punch-through
    return l;
  }

  double width_, length_, lateral_;  // m
  double phi_, gamma_, flat_, vt_;
  double beta_;             // A/V²
  double mobility_;         // m²/(V s)
  double theta_;            // 1/V
  double feedback_;         // of the drain on the threshold
  double narrow_;           // of a narrow channel
  double velocity_;         // m/s, 0: without limit
  double junction_depth_;   // m
  double depletion_width_;  // m/V^½
  double pinch_;            // m²/V, kappa times that of a junction
  double surface_states_;   // charge of the fast ones over that of the oxide; 0: no weak inversion
};

DeviceType mos3_type();

}  // namespace memspice
