#pragma once

#include "netlist/elaboration/elaboration.hpp"

namespace memspice {

/// Nodes with a single connection, decks without elements or ground.
void check_connections(Elaboration& elaboration);
/// ic= of capacitors and inductors where no transient starts from it; in decks that look like Xyce's a
/// capacitor against ground has that voltage at the operating point.
void check_initial_values(Elaboration& elaboration);
/// FREQ of sources is for small signals.
void check_frequency_tables(Elaboration& elaboration);
/// Noise waveforms become points: not too many of them.
void check_noise_lengths(Elaboration& elaboration);

}  // namespace memspice
