#pragma once

#include "analysis/output/row_budget.hpp"
#include "analysis/types/analysis_run.hpp"

namespace memspice {

/// d expression / d value along a .tran or .ac (SensitivityCard::along), a vector for each value, by
/// differences of fourth order between whole runs: four a value, with others' accuracy of 1e-9 where there is
/// an integrator. At the border of a value's range they lie on one side of it and are five. Where they show
/// an error of more than a hundredth the warnings say so.
AnalysisReport sensitivity_along(AnalysisRun& run, const SensitivityCard& card);

/// Throws DeckError where the runs, or the expression, could not be.
void check_varied(const Circuit& circuit, const SensitivityCard& card);
RowCount rows_of_varied(const Circuit& circuit, const SensitivityCard& card);

}  // namespace memspice
