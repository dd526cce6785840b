#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "equations/unknowns.hpp"

namespace memspice {

/// The random numbers of devices along a transient that stay for an interval and are drawn anew for the next
/// (draw_count() of model.hpp). Each follows from the seed, the device's name and the number of the interval.
class IntervalDraws {
 public:
  explicit IntervalDraws(const Unknowns& unknowns);

  /// Gives the devices the numbers of the intervals that contain `inside` (s).
  void enter_segment(double inside);
  /// First end of an interval later than t, s; infinity: there is none.
  [[nodiscard]] double next_breakpoint(double t) const;

 private:
  struct Instance {
    std::span<double> numbers;
    double interval = 0;         // s
    std::uint64_t seed = 0;      // its own
    std::uint64_t number = ~0u;  // of the interval
  };
  std::vector<Instance> instances_;
  std::vector<double> intervals_;  // s, those that are there, each once
  double inside_ = -1;             // s
};

}  // namespace memspice
