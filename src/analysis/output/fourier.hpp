#pragma once

#include <vector>

#include "analysis/output/samples.hpp"
#include "memspice/simulate.hpp"
#include "netlist/elaboration/card_kind.hpp"

namespace memspice {

/// `.four`
const CardKind& fourier_card_kind();

/// The harmonics of the last period of a transient, by exact integration of the straight lines between its
/// points. Phases are those of sines that begin with the period.
std::vector<FourierReport> find_harmonics(const Circuit& circuit, const FourierCard& card,
                                          const Samples& samples, const std::string& early);

}  // namespace memspice
