#pragma once

#include "netlist/elaboration/elaboration.hpp"

namespace memspice {

/// Gives every .tran what .options says of it.
void apply_options_to_transients(Elaboration& elaboration);

}  // namespace memspice
