#pragma once

#include <optional>
#include <string>

#include "base/archive.hpp"

namespace memspice {

/// Notices a transient that crawls: one that will not end soon at its pace, because most of its work is in
/// vain. Whether it does follows from counts alone, not from the machine's speed.
class ProgressWatch {
 public:
  /// Where the run is, and what it has done so far.
  struct Sample {
    double t = 0;    // s
    long steps = 0;  // accepted
    long newton_iterations = 0;
    long newton_failures = 0;      // steps that Newton's method gave up
    long error_test_failures = 0;  // steps with too large an error
    long restarts = 0;             // at corners and events
    double seconds = 0;            // elapsed
  };

  explicit ProgressWatch(double stop) : stop_(stop) {}

  /// To be called after every accepted step. Gives the text of a warning, once: time, cause and estimate.
  std::optional<std::string> note(const Sample& now);

  /// Whether it has warned.
  void exchange(Archive& archive) { archive(warned_); }

 private:
  /// What keeps the run from going on, of what has happened since the window began; empty: nothing known.
  [[nodiscard]] std::string cause(const Sample& now) const;

  double stop_;
  Sample begin_;        // of the window looked at
  bool crept_ = false;  // in the window before
  bool warned_ = false;
};

}  // namespace memspice
