#pragma once

#include "memspice/simulate.hpp"

namespace memspice {

/// `.ac`: phasors of all vectors, a row a frequency.
AnalysisReport run_ac(const Circuit& circuit, const AcCard& card, WaveformSink& sink,
                      const RunOptions& options, std::vector<Diagnostic>& warnings);

}  // namespace memspice
