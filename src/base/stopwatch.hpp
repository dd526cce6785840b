#pragma once

#include <chrono>
#include <utility>

namespace memspice {

/// Seconds of wall clock time.
class Stopwatch {
 public:
  /// Since construction or the last lap.
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - begin_).count();
  }
  /// The same, and begins the next lap.
  double lap() {
    const Clock::time_point now = Clock::now();
    return std::chrono::duration<double>(now - std::exchange(begin_, now)).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace memspice
