#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "analysis/solution/start.hpp"
#include "analysis/types/checkpoints.hpp"

namespace memspice {

void exchange(Archive& archive, CircuitPoint& point);

/// What a run has done, saved and restored together with what the analysis under way has to tell.
class RunKeeper {
 public:
  /// All of them must stay. Without checkpoints nothing is ever due.
  RunKeeper(Checkpoints* checkpoints, RunReport& report, std::vector<Diagnostic>& warnings, CircuitPoint& end)
      : checkpoints_(checkpoints), report_(report), warnings_(warnings), end_(end) {}

  /// Puts back what another process has saved within one of so many analyses.
  void restore(std::size_t analyses);
  /// The analysis under way, of the deck's, from 0.
  [[nodiscard]] std::size_t analysis() const { return analysis_; }
  void begin_analysis(std::size_t number);

  [[nodiscard]] bool watches() const { return checkpoints_ != nullptr; }
  /// Whether the analysis under way is to save itself `at` a time (s), a row or a point, where it restarts.
  [[nodiscard]] bool is_due(double at, bool restarts = true) {
    return is_possible() && checkpoints_->is_due({analysis_, around_.begin + at, restarts, false});
  }
  /// The same where it has been told to end.
  [[nodiscard]] bool is_due_at_end(double at, bool restarts = true) {
    return is_possible() && checkpoints_->is_due({analysis_, around_.begin + at, restarts, true});
  }
  /// As Checkpoints::keep(), with what the analysis needs to go on.
  void keep(double at, std::vector<std::byte> of_analysis, bool restarts = true);
  void miss() { checkpoints_->miss(); }
  /// What the analysis under way needs to go on; nothing: it begins. Once.
  [[nodiscard]] std::optional<std::vector<std::byte>> take();

  /// Of an analysis that makes several runs of another one.
  struct Around {
    std::function<void(Archive&)> exchange;  // what it keeps beside what the run under way gives to keep()
    std::function<bool()> is_possible;       // whether it can
    double begin = 0;                        // its place where the run under way has 0
  };
  /// Until the next one; `of_run`: what take() is to give to the run.
  void surround(Around around, std::vector<std::byte> of_run);
  void surround() { around_ = {}; }

 private:
  [[nodiscard]] bool is_possible() const {
    return checkpoints_ != nullptr && (!around_.is_possible || around_.is_possible());
  }
  void exchange(Archive& archive, std::vector<std::byte>& of_analysis);

  Checkpoints* checkpoints_;
  RunReport& report_;
  std::vector<Diagnostic>& warnings_;
  CircuitPoint& end_;
  std::size_t analysis_ = 0;
  std::vector<std::byte> kept_;  // of the analysis that goes on
  Around around_;
};

}  // namespace memspice
