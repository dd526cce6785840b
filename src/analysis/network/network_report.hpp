#pragma once

#include <array>
#include <string_view>

#include "memspice/simulate.hpp"

namespace memspice {

/// What the names of the files of `.network file=base` add to the base.
inline constexpr std::array<std::string_view, 4> network_file_endings{".edges.csv", ".incidence.mtx",
                                                                      ".cycles.mtx", ".omega.mtx"};

/// `.network`: what the graph of a memristive network tells, and its files. Time and memory grow about
/// linearly with the branches; no matrix of their order is formed. Throws DeckError for circuits outside the
/// theory and FileError.
NetworkReport run_network(const Circuit& circuit, const NetworkCard& card);

}  // namespace memspice
