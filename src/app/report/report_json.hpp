#pragma once

#include <string>
#include <vector>

#include "memspice/simulate.hpp"
#include "waveform/output_file.hpp"

namespace memspice::app {

/// Seconds the program spent outside the analyses.
struct ReadingTimes {
  double parse = 0;
  double elaborate = 0;
};
/// Where a run was saved and began anew, for --checkpoint-at.
using Restarts = std::vector<std::string>;

/// Everything about a run that is not a waveform, as JSON (docs/file-formats.md has the keys).
std::string report_text(const std::string& deck, const Circuit& circuit, const RunReport& report,
                        const ReadingTimes& reading, const Restarts& checkpoints = {});
/// Writes it: `--report`. Throws FileError.
void write_report(OutputFile& file, const std::string& deck, const Circuit& circuit, const RunReport& report,
                  const ReadingTimes& reading, const Restarts& checkpoints = {});

/// The report of a deck that was not run.
struct Refusal {
  std::string outcome;  // `refused`; `checked` where nothing else was asked for; `failed`
  std::vector<std::string> warnings;
  std::vector<std::string> failures;
};
void write_report(OutputFile& file, const std::string& deck, const Refusal& refusal);

}  // namespace memspice::app
