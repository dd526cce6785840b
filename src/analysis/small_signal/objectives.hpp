#pragma once

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Xyce's `.sens objfunc={…}, …|objvars=…, … param=…`: each objective becomes the voltage of a node of its
/// own. False, and nothing read, where the card is no such one. Throws Problem.
bool read_objectives(CardContext& card);

/// Adds a card of ours for each objective, along .dc where the deck has one, and makes .print sens show the
/// derivatives that were asked for, as Xyce does.
void add_objectives(Elaboration& elaboration);

}  // namespace memspice
