#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "analysis/analysis_output.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// Seconds of the steps of an analysis.
class Stopwatch {
 public:
  /// Since construction or the last lap.
  double lap() {
    const Clock::time_point now = Clock::now();
    return std::chrono::duration<double>(now - std::exchange(begin_, now)).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

/// Runs a part of an analysis: a SimulationError ends it as failed, and the rows so far stay.
template <class Body>
void run_guarded(AnalysisReport& report, Body&& body) {
  try {
    body();
  } catch (const SimulationError& error) {
    report.outcome = Outcome::failed;
    report.message = error.what();
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
