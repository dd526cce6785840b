#pragma once

#include <string>

#include "analysis/network/network_report.hpp"
#include "network/topology.hpp"

namespace memspice {

/// Writes the files of `.network file=base` (docs/file-formats.md) and adds them to the report: those
/// written, and those left out because they would be too large. Throws FileError.
void write_network_files(const std::string& base, const Circuit& circuit,
                         const network::BranchNetwork& elements, const network::FoldedNetwork& folded,
                         const network::SpanningForest& forest, const network::Blocks& blocks,
                         NetworkReport& report);

}  // namespace memspice
