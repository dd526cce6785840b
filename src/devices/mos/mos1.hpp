#pragma once

#include "devices/mos/mos_card.hpp"
#include "devices/mos/mos_gate.hpp"

namespace memspice {

/// Level 1: the channel of Shichman and Hodges (IEEE J. Solid-State Circuits 3 (1968) 285).
class Mos1 {
 public:
  static constexpr MosRules rules{.level = 1};
  explicit Mos1(const MosCard& card);

  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double length() const { return length_; }

  template <class Real>
  [[nodiscard]] ChannelState<Real> conduct(const Real& vgs, const Real& vds, const Real& vbs) const {
    const Real threshold = flat_ + gamma_ * bulk_root(phi_, vbs);
    const Real over = vgs - threshold;
    if (!(over > Real(0.0))) return {Real(0.0), threshold, Real(0.0)};
    const Real slope = beta_ * (1.0 + lambda_ * vds);
    if (!(over > vds)) return {0.5 * slope * over * over, threshold, over};
    return {slope * vds * (over - 0.5 * vds), threshold, over};
  }

 private:
  /// Places of the parameters that only this level has.
  enum Own : std::size_t { transconductance, modulation };

  double width_, length_;  // m
  double phi_, gamma_, flat_;
  double beta_;    // A/V²
  double lambda_;  // 1/V
};

DeviceType mos1_type();

}  // namespace memspice
