#pragma once

#include <string>
#include <vector>

#include "memspice/waveform.hpp"
#include "truth/netlist.hpp"

namespace memspice::truth {

/// The first thing in the rows that no solution can have, whatever the tolerance: a value that is not finite,
/// times that do not ascend or do not end at `stop`, a state outside of [0, 1], currents that do not add up
/// to zero at a node, a current that does not fit its voltage by Ohm's law. Empty: none.
std::string broken_invariant(const Plot& plot, const std::vector<Element>& elements, double stop);

}  // namespace memspice::truth
