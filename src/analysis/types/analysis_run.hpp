#pragma once

#include <optional>

#include "analysis/solution/start.hpp"
#include "analysis/types/analysis_type.hpp"
#include "analysis/types/run_keeper.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// The analyses of one circuit while they run, one after the other.
struct AnalysisRun {
  const Circuit& circuit;
  WaveformSink& sink;
  const RunOptions& options;
  std::vector<Diagnostic>& warnings;  // those that can wait for the end
  Findings& found;
  CircuitPoint end = {};          // of the last complete transient
  CircuitPoint fixed_point = {};  // the last one found

  /// Where a card looks at the circuit. Throws SimulationError.
  const CircuitPoint& point(StatePoint which) {
    if (which == StatePoint::end) return end;
    if (which == StatePoint::fixed_point) return fixed_point;
    if (!operating_point) operating_point = dc_point(circuit);
    return *operating_point;
  }
  std::optional<CircuitPoint> operating_point = {};
  RunKeeper* keeper = nullptr;  // null: the run is not saved
};

/// AnalysisType::run of a function that makes a report of rows.
template <class Card, AnalysisReport (*function)(AnalysisRun& run, const Card& card)>
Outcome run_reported(AnalysisRun& run, const AnalysisCard& card) {
  AnalysisReport report = function(run, card.as<Card>());
  report.analysis = card.type().word();
  run.found.analyses.push_back(std::move(report));
  return run.found.analyses.back().outcome;
}

}  // namespace memspice
