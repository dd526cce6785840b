#pragma once

#include <optional>
#include <string>
#include <vector>

namespace memspice::app {

/// A place at which a run saves itself, as --checkpoint-at has it.
struct CheckpointPlace {
  std::optional<std::size_t> analysis = {};  // of the deck's, from 0; nothing: every one
  double at = 0;                             // s, or a number of rows
};

/// What --checkpoint, --checkpoint-at and --resume ask for.
struct CheckpointOptions {
  std::string file;                     // that the run is saved to; empty: it is not
  std::optional<double> every;          // s, of wall time
  std::vector<CheckpointPlace> places;  // where it is saved besides
  std::string resumed;                  // the file that it goes on from; empty: it begins

  [[nodiscard]] bool any() const { return !file.empty() || !places.empty() || !resumed.empty(); }
};

/// `checkpoint`: FILE or FILE,SECONDS; `places`: 1m,2:0.5,… ; `resumed`: a file, into which the run is saved
/// on where `checkpoint` names no other one. Empty texts: not given. Throws UsageError.
CheckpointOptions checkpoint_options(const std::string& checkpoint, const std::string& places,
                                     const std::string& resumed);

/// "0.001", "2:0.5": the same for a list of --checkpoint-at.
std::string text_of(const CheckpointPlace& place);

}  // namespace memspice::app
