#pragma once

#include "devices/mos/mos_card.hpp"
#include "devices/mos/mos_gate.hpp"

namespace memspice {

/// Level 6: the n-th power channel of Sakurai and Newton (IEEE Trans. Electron Devices 38 (1991) 887).
class Mos6 {
 public:
  static constexpr MosRules rules{.level = 6, .squares = 0, .leak_by_copy = true};

  explicit Mos6(const MosCard& card);

  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double length() const { return length_; }

  template <class Real>
  [[nodiscard]] ChannelState<Real> conduct(const Real& vgs, const Real& vds, const Real& vbs) const {
    using std::exp;
    using std::log;
    const Real threshold = flat_ + gamma_ * bulk_root(phi_, vbs) - linear_body_ * vbs - feedback_ * vds;
    const Real over = vgs - threshold;
    if (!(over > Real(0.0))) return {Real(0.0), threshold, Real(0.0)};
    const Real logarithm = log(over);
    const Real saturation = saturation_factor_ * exp(saturation_power_ * logarithm);
    const Real current =
        beta_ * exp(current_power_ * logarithm) * (1.0 + (modulation_ - body_modulation_ * vbs) * vds);
    if (!(vds < saturation)) return {current, threshold, saturation};
    const Real part = vds / saturation;
    return {current * (2.0 - part) * part, threshold, saturation};
  }

 private:
  /// Places of the parameters that only this level has.
  enum Own : std::size_t {
    saturation_factor,
    saturation_power,
    current_factor,
    current_power,
    threshold_power,
    current_modification,
    linear_body,
    feedback,
    modulation,
    body_modulation
  };

  double width_, length_;  // m
  double phi_, gamma_, flat_;
  double linear_body_;  // of the bulk on the threshold
  double feedback_;     // of the drain on the threshold
  double saturation_factor_, saturation_power_;
  double beta_, current_power_;          // A/V^n, n
  double modulation_, body_modulation_;  // 1/V, 1/V²
};

DeviceType mos6_type();

}  // namespace memspice
