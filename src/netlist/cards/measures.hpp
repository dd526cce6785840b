#pragma once

#include "netlist/elaboration/elaboration.hpp"

namespace memspice {

/// Reads the .measure cards, and says what the cards of an output miss of the analyses.
void finish_output_cards(Elaboration& elaboration);

}  // namespace memspice
