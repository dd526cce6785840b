#pragma once

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Xyce's `.sens objfunc={…}, …|objvars=…, … param=…`: a card of ours for each objective, which becomes the
/// voltage of a node of its own. False, and nothing read, where the card is no such one. Throws Problem.
bool read_objectives(CardContext& card);

/// Makes .print sens of a deck with objectives show their derivatives, as Xyce does.
void print_objectives(Elaboration& elaboration);

}  // namespace memspice
