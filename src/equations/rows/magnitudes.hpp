#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace memspice {

/// How large every unknown has become so far, and the largest voltage and current of all. Unknowns that share
/// the number of a scale share what is largest on it.
///
/// Life cycle: construct for the potentials, add() the others in the order of the unknowns; then note()
/// whatever a solution has.
class Magnitudes {
 public:
  enum class Kind : std::uint8_t { fixed, voltage, current };  // fixed: the absolute tolerance is kept
  static constexpr std::uint32_t own_scale = 0xffffffffu;

  /// `scale_of_row`: number of the scale, one a potential.
  explicit Magnitudes(std::vector<std::uint32_t> scale_of_row);
  /// Room for that many unknowns.
  void reserve(std::size_t unknowns);
  /// The next unknown; `scale` is a number or own_scale.
  void add(Kind kind, std::uint32_t scale);
  void note(std::size_t i, double value) {
    const double magnitude = std::abs(value);
    if (!(magnitude > largest_[i])) return;
    ++changes_;
    largest_[i] = magnitude;
    double& of_scale = largest_of_scale_[scale_[i]];
    of_scale = std::max(of_scale, largest_[i]);
    if (kind_[i] == Kind::voltage) largest_voltage_ = std::max(largest_voltage_, of_scale);
    if (kind_[i] == Kind::current) largest_current_ = std::max(largest_current_, of_scale);
  }

  [[nodiscard]] std::size_t size() const { return largest_.size(); }
  [[nodiscard]] Kind kind(std::size_t unknown) const { return kind_[unknown]; }
  [[nodiscard]] std::uint32_t scale(std::size_t unknown) const { return scale_[unknown]; }
  [[nodiscard]] double largest(std::size_t unknown) const { return largest_[unknown]; }
  [[nodiscard]] double largest_of_scale(std::size_t unknown) const {
    return largest_of_scale_[scale_[unknown]];
  }
  [[nodiscard]] double largest_voltage() const { return largest_voltage_; }  // V, of all unknowns
  [[nodiscard]] double largest_current() const { return largest_current_; }  // A
  /// Whether there are unknowns of another kind than fixed.
  [[nodiscard]] bool has_scales() const { return has_scales_; }
  /// Another number, never 0, whenever something has become larger.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  /// What a saved run remembers (base/archive.hpp).
  template <class Archive>
  void exchange(Archive& archive) {
    archive(largest_);
    archive(largest_of_scale_);
    archive(largest_voltage_);
    archive(largest_current_);
    ++changes_;
  }

 private:
  std::vector<double> largest_;  // by unknown
  std::vector<Kind> kind_;
  std::vector<std::uint32_t> scale_;  // number in largest_of_scale_
  std::vector<double> largest_of_scale_;
  double largest_voltage_ = 0;
  double largest_current_ = 0;
  std::uint64_t changes_ = 1;
  bool has_scales_ = false;
};

}  // namespace memspice
