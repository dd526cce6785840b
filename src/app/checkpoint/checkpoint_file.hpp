#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/checkpoint/checkpoint_options.hpp"
#include "waveform/output_file.hpp"

namespace memspice::app {

/// What a checkpoint file holds.
struct SavedRun {
  std::uint64_t circuit = 0;            // fingerprint_of() the circuit and of the options that matter
  std::string output;                   // of the waveforms, as the command line named it
  double every = 0;                     // s, of wall time
  std::vector<CheckpointPlace> places;  // where the run has begun anew so far, this one included
  CheckpointPlace last;                 // where it was saved
  std::vector<std::byte> run;           // of the analyses
  std::vector<std::byte> outputs;       // of what they write to
};

/// Replaces the file, which is there from then on whatever happens. Throws FileError.
void write_checkpoint(const std::string& path, SavedRun& saved);
/// Throws FileError, also for what is no checkpoint, damaged, or another version's.
SavedRun read_checkpoint(const std::string& path);

}  // namespace memspice::app
