#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace memspice {

/// What joins potentials to fixed values for a while, where the equations alone would not tell them or lead
/// Newton's method astray: gmin, and 1 S at *loose* potentials, which only capacitors and controlled currents
/// reach (connectivity.hpp).
class HeldPotentials {
 public:
  explicit HeldPotentials(std::vector<std::uint32_t> loose) : loose_(std::move(loose)) {}

  /// `gmin` S join every potential to its value in `reference` (V, by row; to 0 when that is empty).
  void set_gmin(double gmin, std::span<const double> reference) {
    gmin_ = gmin;
    gmin_reference_.assign(reference.begin(), reference.end());
  }
  [[nodiscard]] const std::vector<std::uint32_t>& loose() const { return loose_; }
  /// Joins the loose ones to their values in `reference`, until that is empty.
  void hold_loose(std::span<const double> reference) {
    loose_reference_.clear();
    if (reference.empty()) return;
    for (const std::uint32_t row : loose_) loose_reference_.push_back(reference[row]);
  }
  [[nodiscard]] bool holds_loose() const { return !loose_reference_.empty(); }
  /// Whether nothing flows through that: at most 1e-12 A.
  [[nodiscard]] bool loose_at_rest(const double* y) const {
    constexpr double negligible = 1e-12;
    for (std::size_t k = 0; k < loose_reference_.size(); ++k)
      if (!(std::abs(y[loose_[k]] - loose_reference_[k]) <= negligible)) return false;
    return true;
  }
  /// Whether any potential is held.
  [[nodiscard]] bool any() const { return gmin_ != 0 || holds_loose(); }

  /// Adds the currents (A) to the rows of `potentials` potentials, ground's first.
  void residual(std::size_t potentials, const double* y, double* r) const {
    if (gmin_ != 0) {
      for (std::size_t i = 1; i < potentials; ++i)
        r[i] += gmin_ * (y[i] - (gmin_reference_.empty() ? 0 : gmin_reference_[i]));
    }
    for (std::size_t k = 0; k < loose_reference_.size(); ++k)
      r[loose_[k]] += y[loose_[k]] - loose_reference_[k];
  }
  /// Adds the conductances; `diagonal`: slots by row, without ground's.
  void entries(std::span<const std::uint32_t> diagonal, std::span<double> values) const {
    if (gmin_ != 0) {
      for (const std::uint32_t slot : diagonal) values[slot] += gmin_;
    }
    for (std::size_t k = 0; k < loose_reference_.size(); ++k) values[diagonal[loose_[k] - 1]] += 1;
  }

 private:
  double gmin_ = 0;
  std::vector<double> gmin_reference_;
  std::vector<std::uint32_t> loose_;
  std::vector<double> loose_reference_;  // V, by loose row while they are held
};

}  // namespace memspice
