#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace memspice::app {

/// How fast a run is, and how long it will take at that.
class Pace {
 public:
  /// The part of the work that is done, 0 to 1, and the seconds that have passed since its begin. The first
  /// call says where it begins: a run may go on from a checkpoint.
  void note(double done, double seconds);
  /// Seconds that are left at the pace of the last quarter of the time; infinity: it does not advance;
  /// nothing: not known yet.
  [[nodiscard]] std::optional<double> left() const;
  [[nodiscard]] double seconds() const { return samples_.empty() ? 0 : samples_.back().seconds; }

 private:
  struct Sample {
    double done;
    double seconds;
  };
  std::vector<Sample> samples_;  // some hundreds, the closer the earlier; the last one is now
};

/// "45 s", "12 minutes", "3 hours", "2.5 days"; "without end".
std::string duration_text(double seconds);

/// When a run is given up. `--give-up 10h` (or 10): when at its pace more than ten hours are left. `--give-up
/// 100x`: when 100 times what it has taken so far is left, so that less than a hundredth of it is done.
/// Looked at after a minute at the earliest; of hours after a hundredth of them, 1 s to 10 minutes.
class Patience {
 public:
  /// Throws UsageError. An empty text: never.
  explicit Patience(const std::string& text);
  [[nodiscard]] bool is_over(const Pace& pace) const;
  /// Whether it does so at all.
  [[nodiscard]] bool ends() const { return std::isfinite(seconds_) || std::isfinite(ratio_); }
  /// "10 hours", "100 times what it has taken".
  [[nodiscard]] std::string text() const;

 private:
  double seconds_;  // that may be left
  double ratio_;    // of what may be left and what has passed
};

}  // namespace memspice::app
