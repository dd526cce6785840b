#pragma once

#include <map>
#include <memory>
#include <string>

#include "memspice/simulate.hpp"
#include "waveform/output_file.hpp"

namespace memspice::app {

/// Where the tables of .print, the measures and the harmonics go: standard output or the file of --print, and
/// tables with file= there. Files are opened at once, so that a wrong path does not cost the run, and appear
/// when everything is written.
class PrintedOutput {
 public:
  /// `path`: of --print; empty: standard output, and nothing at all where `standard_output` is taken.
  PrintedOutput(const Circuit& circuit, const std::string& path, bool standard_output);
  void write(const RunReport& report);

 private:
  void put(std::string_view text);

  bool standard_output_;
  std::unique_ptr<OutputFile> file_;
  std::map<std::string, std::unique_ptr<OutputFile>> tables_;  // by file_identity()
};

/// The measures and harmonics of an analysis as ngspice prints them.
std::string describe_measures(const AnalysisReport& report);
/// Those of all points of .step, .mc and .temp as one table, without points that an interrupt has left out;
/// empty when there are none.
std::string describe_measures(const RunReport& report, std::size_t analysis);
std::string describe_harmonics(const AnalysisReport& report);
/// A table with its head.
std::string text_of(const PrintedTable& table);

}  // namespace memspice::app
