#pragma once

#include "netlist/elaboration/elaboration.hpp"

namespace memspice {

// Values that go before the deck's.

/// LTspice's decks give a parameter its values on .step alone.
void declare_stepped_parameters(Elaboration& elaboration);
void set_swept_temperature(Elaboration& elaboration);
void set_swept_sources(Elaboration& elaboration);
/// Whether some card sweeps or steps more than the values of sources.
[[nodiscard]] bool needs_deck(const Circuit& circuit);

}  // namespace memspice
