#pragma once

#include <cstdint>
#include <string_view>

namespace memspice {

/// Random numbers that are the same on every machine and with every compiler: SplitMix64 (a counter that
/// advances by 2^64 / golden ratio, and a bijective mixing of its bits) and draws of our own instead of the
/// distributions of <random>, whose results the standard leaves open.
///
/// Every quantity (the graph, the amplitudes, the initial states, ...) has a stream of its own, made from
/// the seed and the quantity's name: drawing one differently leaves the others as they were.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view purpose);
  /// The bare generator, started at a state.
  explicit RandomStream(std::uint64_t state) : state_(state) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  /// A multiple of 2^-53 in [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  /// A whole number in [0, end), all equally likely; end > 0.
  std::uint32_t below(std::uint32_t end);
  /// Mean 1.
  double exponential();
  /// Mean 0, variance 1.
  double normal();

 private:
  std::uint64_t state_;
  double spare_ = 0;
  bool has_spare_ = false;
};

/// Chooses exactly `chosen` of `total` things, which pass by one after the other.
class Selection {
 public:
  Selection(std::uint32_t total, std::uint32_t chosen, RandomStream stream)
      : left_(total), wanted_(chosen), stream_(stream) {}

  /// Whether the next thing is one of them; to be asked `total` times at most.
  bool next() {
    if (wanted_ == 0) return false;
    const bool chosen = wanted_ == left_ || stream_.below(left_) < wanted_;
    --left_;
    if (chosen) --wanted_;
    return chosen;
  }

 private:
  std::uint32_t left_;
  std::uint32_t wanted_;
  RandomStream stream_;
};

}  // namespace memspice
