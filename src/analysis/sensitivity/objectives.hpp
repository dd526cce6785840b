#pragma once

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Xyce's `.sens objfunc={…}, …|objvars=…, …|acobjfunc={…}, … param=…`: at rest an expression becomes the
/// voltage of a node of its own. False, and nothing read, where the card is no such one. Throws Problem.
bool read_objectives(CardContext& card);

/// Adds cards of ours for each objective, along .dc, .tran and .ac where the deck has them, and makes
/// .print sens show the derivatives that were asked for, as Xyce does. Throws Problem.
void add_objectives(Elaboration& elaboration);

}  // namespace memspice
