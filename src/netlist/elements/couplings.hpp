#pragma once

#include "netlist/elaboration/elaboration.hpp"

namespace memspice {

/// Finds the inductors of the K cards, which may stand before them.
void resolve_couplings(Elaboration& elaboration);

}  // namespace memspice
