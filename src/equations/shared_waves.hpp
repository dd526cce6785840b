#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "memspice/detail/elements.hpp"

namespace memspice {

/// The time functions of a circuit's sources, those that differ in level and amplitude only as multiples of
/// one wave: sines, and pulses between two levels. A million sources of one frequency are one sine.
class SharedWaves {
 public:
  /// A function as a constant and a multiple of a wave.
  struct Part {
    double constant = 0, factor = 1;
    double top = 0;  // its value where the wave is 1, free of rounding
    std::uint32_t wave = 0;
  };

  /// The functions with SPICE's defaults for a transient of this step and stop time (s).
  void resolve(const SourceFunctions& functions, double step, double stop);
  /// The functions as they stand.
  void take(const SourceFunctions& functions);
  [[nodiscard]] bool empty() const { return parts_.empty(); }
  [[nodiscard]] std::span<const SourceFunction> waves() const { return waves_; }
  [[nodiscard]] const Part& part(std::uint32_t function) const { return parts_[function]; }

  /// Evaluates all waves at t on the smooth piece that contains `inside` (s).
  void go_to(double t, double inside);
  [[nodiscard]] double value(std::uint32_t function) const {
    const Part& part = parts_[function];
    const double wave = values_[part.wave];
    return wave == 1 ? part.top : part.constant + part.factor * wave;
  }

 private:
  template <class Prepare>
  void split(const SourceFunctions& functions, Prepare&& prepare);

  std::vector<SourceFunction> waves_;
  std::vector<double> values_;  // of waves
  std::vector<Part> parts_;     // of functions
};

}  // namespace memspice
