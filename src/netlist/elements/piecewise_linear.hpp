#pragma once

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Reads the points of a PWL waveform behind its name. Throws Problem.
void piecewise_linear(CardContext& card, SourceFunction& function);

}  // namespace memspice
