#pragma once

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Notes of which pins of instances cards ask for the current, LTspice's ix(x1:out): before the instances are
/// read.
void note_asked_pins(Elaboration& elaboration);

/// Puts a source of 0 V in series with each such pin of an instance, whose current it is. What flows into a
/// pin cannot be told from the elements of the flat circuit: two pins, or a pin and ground, may be one node.
void add_asked_pins(CardContext& card, std::string_view at, const std::string& instance, Scope& inner);

}  // namespace memspice
