#pragma once

#include "base/archive.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// Rows of a table whose columns are known.
void exchange_rows(Archive& archive, PrintedTable& table);

// Findings and what they consist of, written into an archive or read from it; but .network's, which is done
// again.
void exchange(Archive& archive, Diagnostic& diagnostic);
void exchange(Archive& archive, std::vector<Diagnostic>& diagnostics);
void exchange(Archive& archive, SolverStatistics& statistics);
void exchange(Archive& archive, OmegaReport& omega);
void exchange(Archive& archive, AnalysisReport& report);
void exchange(Archive& archive, PointReport& point);
void exchange(Archive& archive, Findings& findings);

}  // namespace memspice
