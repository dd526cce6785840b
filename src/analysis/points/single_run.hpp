#pragma once

#include "analysis/solution/start.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// One analysis of one circuit. `end` receives the end of a complete transient.
AnalysisReport run_analysis(const Circuit& circuit, const AnalysisCard& card, WaveformSink& sink,
                            const RunOptions& options, std::vector<Diagnostic>& warnings, CircuitPoint& end);

/// `.fixedpoint` and `.eigen`, which look at the circuit after its analyses; `end` of the last transient.
void run_point_analyses(const Circuit& circuit, CircuitPoint end, std::vector<FixedPointReport>& fixed_points,
                        std::vector<EigenReport>& eigenvalues);

}  // namespace memspice
