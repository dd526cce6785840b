#pragma once

#include "netlist/elaboration/elaboration.hpp"

namespace memspice {

/// Parameters that may have no other card than .step, as in LTspice, or .data, with their first values.
struct SteppedParameters {
  std::vector<ParameterDefinition> all;
};

/// Makes them parameters of the top level, unless .param has: found here, or those that the options bring.
void declare_stepped_parameters(Elaboration& elaboration);

// Values that go before the deck's.

void set_swept_temperature(Elaboration& elaboration);
void set_swept_sources(Elaboration& elaboration);
/// Whether some card sweeps or steps more than the values of sources.
[[nodiscard]] bool needs_deck(const Circuit& circuit);

}  // namespace memspice
