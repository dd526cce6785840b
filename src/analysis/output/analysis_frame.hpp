#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/output/analysis_output.hpp"
#include "base/interruption.hpp"
#include "base/stopwatch.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// The report of an analysis that ends where it is.
void note_interruption(AnalysisReport& report);

/// Runs a part of an analysis: a SimulationError ends it as failed, an interruption as interrupted, and the
/// rows so far stay.
template <class Body>
void run_guarded(AnalysisReport& report, Body&& body) {
  try {
    body();
  } catch (const SimulationError& error) {
    report.outcome = Outcome::failed;
    report.message = error.what();
  } catch (const Interrupted&) {
    note_interruption(report);
  }
}

/// Runs the part that fills a plot, and ends it.
template <class Body>
void fill_plot(AnalysisReport& report, AnalysisOutput& output, Body&& body) {
  run_guarded(report, body);
  output.finish(report);
}
template <class Body>
void fill_plot(AnalysisReport& report, WaveformSink& sink, Body&& body) {
  run_guarded(report, body);
  sink.end_plot();
}

/// Asks whether to go on; notes it in the report when not. `where`: "12 Hz of 1000 Hz".
bool interrupted(AnalysisReport& report, const RunOptions& options, const std::string& where);

/// "61 frequencies from 1 Hz to 1 MHz"
std::string describe_frequencies(std::span<const double> frequencies);

/// "1 MHz"
std::string with_prefix(double value, std::string_view unit);

}  // namespace memspice
