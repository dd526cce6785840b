#pragma once

#include "analysis/types/run_keeper.hpp"

namespace memspice {

/// Whether the circuit's analyses run more than once: for .step, .mc or several temperatures.
bool has_points(const Circuit& circuit);

/// Runs all analyses of the circuit for every combination of what varies, and fills the report. The outermost
/// loop is that over temperatures, then come the steps in their order, then the runs of .mc. Warnings that
/// can wait for the end of the run are appended to `warnings`; every one says at which points it holds. The
/// keeper saves which points are done.
void run_points(const Circuit& circuit, WaveformSink& sink, const RunOptions& options, RunReport& report,
                std::vector<Diagnostic>& warnings, RunKeeper& keeper);

}  // namespace memspice
