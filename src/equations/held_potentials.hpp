#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace memspice {

/// What joins potentials to fixed values for a while, where the equations alone would not tell them or lead
/// Newton's method astray: gmin, and 1 S at *loose* potentials, which only capacitors and controlled currents
/// reach (connectivity.hpp), and more at those that .nodeset gives.
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
  /// Joins these rows, firmly, to their values in `reference`; no rows: none is any more.
  void pin(std::vector<std::uint32_t> rows, std::span<const double> reference) {
    pinned_ = std::move(rows);
    pinned_reference_.clear();
    for (const std::uint32_t row : pinned_) pinned_reference_.push_back(reference[row]);
  }
  /// Whether any potential is held.
  [[nodiscard]] bool any() const { return gmin_ != 0 || holds_loose() || !pinned_.empty(); }

  /// Adds the currents (A) to the rows of `potentials` potentials, ground's first.
  void residual(std::size_t potentials, const double* y, double* r) const {
    if (gmin_ != 0) {
      for (std::size_t i = 1; i < potentials; ++i)
        r[i] += gmin_ * (y[i] - (gmin_reference_.empty() ? 0 : gmin_reference_[i]));
    }
    for (std::size_t k = 0; k < loose_reference_.size(); ++k)
      r[loose_[k]] += y[loose_[k]] - loose_reference_[k];
    for (std::size_t k = 0; k < pinned_.size(); ++k)
      r[pinned_[k]] += firm * (y[pinned_[k]] - pinned_reference_[k]);
  }
  /// Adds the conductances; `diagonal`: slots by row, without ground's.
  void entries(std::span<const std::uint32_t> diagonal, std::span<double> values) const {
    if (gmin_ != 0) {
      for (const std::uint32_t slot : diagonal) values[slot] += gmin_;
    }
    for (std::size_t k = 0; k < loose_reference_.size(); ++k) values[diagonal[loose_[k] - 1]] += 1;
    for (const std::uint32_t row : pinned_) values[diagonal[row - 1]] += firm;
  }

 private:
  static constexpr double firm = 1e6;  // S, beside which a circuit's conductances are small

  double gmin_ = 0;
  std::vector<double> gmin_reference_;
  std::vector<std::uint32_t> loose_;
  std::vector<double> loose_reference_;  // V, by loose row while they are held
  std::vector<std::uint32_t> pinned_;
  std::vector<double> pinned_reference_;  // V, by pinned row
};

}  // namespace memspice
