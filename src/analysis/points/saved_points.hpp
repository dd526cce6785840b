#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "analysis/points/ordered_blocks.hpp"
#include "analysis/types/run_keeper.hpp"

namespace memspice {

/// Which points are done, saved and restored with what was found at them.
class SavedPoints {
 public:
  /// Of these reports and warnings, by point; they must stay and have the length of the points.
  SavedPoints(RunKeeper& keeper, std::vector<PointReport>& reports,
              std::vector<std::vector<Diagnostic>>& warnings)
      : keeper_(keeper), reports_(reports), warnings_(warnings) {}

  /// What another process has saved. Gives the pass that is under way, 0: the first one begins.
  std::size_t restore();
  /// A pass over all points begins, or goes on. Gives the first point to be done.
  std::size_t begin_pass(std::size_t pass, OrderedBlocks& blocks);
  /// The rows of all points before this one have been written, and of no other one. To be called by one
  /// thread at a time, while no other one has rows written.
  void note_done(std::size_t points, OrderedBlocks& blocks);
  /// The same where the run has been told to end.
  void note_end(std::size_t points, OrderedBlocks& blocks);

 private:
  void exchange(Archive& archive, std::size_t done);
  void save(std::size_t points, OrderedBlocks& blocks);
  void exchange_point(Archive& archive, PointReport& report, std::vector<Diagnostic>& warnings);

  RunKeeper& keeper_;
  std::vector<PointReport>& reports_;
  std::vector<std::vector<Diagnostic>>& warnings_;
  struct {
    std::vector<PointReport> reports;
    std::vector<std::vector<Diagnostic>> warnings;
  } before_;  // the pass: other threads are at work on later points
  std::size_t pass_ = 0;
  std::optional<std::vector<std::byte>> kept_;
  std::size_t kept_from_ = 0;  // where in it the blocks begin
};

}  // namespace memspice
