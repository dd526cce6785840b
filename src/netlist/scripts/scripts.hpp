#pragma once

#include "netlist/elaboration/elaboration.hpp"

namespace memspice {

/// Does what the commands of .control … .endc mean, where a card means the same.
void run_scripts(Elaboration& elaboration);

/// Warns of what other simulators take for something else, when the deck looks like one for them.
void check_dialect(Elaboration& elaboration);

}  // namespace memspice
