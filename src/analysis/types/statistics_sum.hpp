#pragma once

#include "memspice/simulate.hpp"

namespace memspice {

/// Adds what a part of an analysis has counted; of sizes the largest. What integrated it, and why, is left as
/// it is.
void add_statistics(SolverStatistics& sum, const SolverStatistics& part);

}  // namespace memspice
