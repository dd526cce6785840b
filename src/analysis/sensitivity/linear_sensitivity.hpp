#pragma once

#include "analysis/types/analysis_run.hpp"

namespace memspice {

/// d output / d source and d output / d parameter at the operating point, or at those of the card's sweeps,
/// one a row: by one solution of the transposed system.
AnalysisReport sensitivity_at_rest(AnalysisRun& run, const SensitivityCard& card);
/// The same of the output's phasor at each of the card's frequencies.
AnalysisReport sensitivity_of_phasor(AnalysisRun& run, const SensitivityCard& card);

}  // namespace memspice
