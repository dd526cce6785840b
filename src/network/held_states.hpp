#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace memspice::network {

/// Which states of a projected flow are held at a bound of [0,1], and at which one. The others are free.
class HeldStates {
 public:
  explicit HeldStates(std::size_t count) : held_(count, false), at_top_(count, false) {}

  void release_all();
  /// Decides anew: a state at a bound is held unless its drive, `rates` (1/s), points inward. How many states
  /// that holds or releases.
  long choose(std::span<const double> states, std::span<const double> rates);

  [[nodiscard]] bool operator[](std::size_t k) const { return held_[k]; }
  [[nodiscard]] bool any() const { return any_; }
  [[nodiscard]] const std::vector<bool>& all() const { return held_; }
  /// Of a held state: at the bound 1, not 0.
  [[nodiscard]] bool at_top(std::size_t k) const { return at_top_[k]; }

  /// Moves free states into [0,1] and held ones onto their bounds.
  void clamp(std::span<double> states) const;
  /// How far the drive of held states points inward, 1/s: above 0 it releases them. By state; means nothing
  /// for free ones.
  void margins(std::span<const double> rates, std::span<double> margin) const;

 private:
  std::vector<bool> held_;
  std::vector<bool> at_top_;
  bool any_ = false;
};

}  // namespace memspice::network
