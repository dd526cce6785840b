#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace memspice::testing {

/// Random numbers that are the same with every standard library: the distributions of <random> are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// Uniform in [low, high).
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  /// Between low and high, every factor of ten equally likely.
  double logarithmic(double low, double high) { return low * std::pow(high / low, uniform(0, 1)); }
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(engine_() % end); }
  bool coin() { return (engine_() & 1) != 0; }
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace memspice::testing
