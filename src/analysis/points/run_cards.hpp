#pragma once

#include <vector>

#include "analysis/types/analysis_run.hpp"

namespace memspice {

/// Runs a card; where it is interrupted and has no report of rows to say so, Findings::interrupted_in does.
Outcome run_card(const AnalysisCard& card, AnalysisRun& run);

/// Runs one card after the other, until one of them fails or is interrupted.
Outcome run_cards(const std::vector<AnalysisCard>& cards, AnalysisRun& run);

}  // namespace memspice
