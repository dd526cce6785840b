#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/types/checkpoints.hpp"
#include "app/checkpoint/checkpoint_file.hpp"
#include "base/archive.hpp"
#include "base/stopwatch.hpp"

namespace memspice::app {

/// When a run saves itself: after some seconds, on SIGUSR1, where it is told to end, and at places that are
/// asked for; and the file that it is saved to, together with what its outputs have so far.
class RunCheckpoints final : public Checkpoints {
 public:
  /// `circuit`: of the circuit and of the options that matter; `output`: of the waveforms. Reads the file
  /// that the run goes on from. Throws FileError where that belongs to something else.
  RunCheckpoints(const CheckpointOptions& options, std::uint64_t circuit, const std::string& output);

  /// What writes the outputs' state, or reads it: at once, where the run goes on. Throws FileError.
  void set_outputs(std::function<void(Archive&)> exchange);

  bool is_due(const RunPlace& place) override;
  void keep(const RunPlace& place, const std::vector<std::byte>& run) override;
  void miss() override;
  [[nodiscard]] std::span<const std::byte> kept() const override { return kept_; }

  /// The list of --checkpoint-at that makes the same of a run without interruption.
  [[nodiscard]] std::vector<std::string> places() const;
  /// A run that is complete is not gone on with.
  void remove();

 private:
  [[nodiscard]] bool is_asked_for(const RunPlace& place) const;
  [[nodiscard]] bool is_time();
  /// Whether anything has been done since the last one.
  [[nodiscard]] bool is_worth(const RunPlace& place) const;

  CheckpointOptions options_;
  SavedRun saved_;
  std::vector<std::byte> kept_;
  std::function<void(Archive&)> outputs_;
  bool written_ = false;
  struct {
    Stopwatch running;
    double begun = 0;   // s, of the checkpoint that is being made
    double last = 0;    // s, when one was made
    double apart = 0;   // s, at least, so that they cost little
    int signals = 0;    // that have been answered
    int missed = 0;     // one after the other
    bool told = false;  // that the file cannot be written
  } pace_;
};

}  // namespace memspice::app
