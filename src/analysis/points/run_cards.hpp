#pragma once

#include <vector>

#include "analysis/types/analysis_run.hpp"

namespace memspice {

/// Runs one card after the other, until one of them fails or is interrupted.
Outcome run_cards(const std::vector<AnalysisCard>& cards, AnalysisRun& run);

}  // namespace memspice
