#pragma once

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Reads a function that is given by points, from a file (its name comes next) or from parentheses, and keeps
/// it in the circuit: its place among Circuit::records. Throws Problem.
double read_curve(CardContext& card);

}  // namespace memspice
