#pragma once

#include "netlist/elaboration/elaboration.hpp"

namespace memspice {

/// Nodes with a single connection, decks without elements or ground.
void check_connections(Elaboration& elaboration);
/// Noise waveforms become points: not too many of them.
void check_noise_lengths(Elaboration& elaboration);

}  // namespace memspice
