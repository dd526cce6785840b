#pragma once

#include <string>
#include <vector>

#include "analysis/output/samples.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// The measures of one analysis, in deck order. Between two points everything is a straight line.
/// `early`: why the analysis ended early; then all of them failed.
std::vector<MeasureReport> take_measures(const Circuit& circuit, const AnalysisType& type,
                                         const Samples& samples, const std::string& early);

}  // namespace memspice
