#pragma once

#include <vector>

#include "memspice/circuit.hpp"

namespace memspice {

/// Warns of more than ten million rows, all analyses and points counted, as far as their number is known
/// before anything is solved; with .options maxrows never. Throws DeckError when there are more than that
/// allows, or more steps than can be computed.
std::vector<Diagnostic> check_rows(const Circuit& circuit);

/// Throws DeckError when largest steps, periods or corners ask for more steps than can be computed.
void check_steps(const Circuit& circuit, const TransientCard& card);

}  // namespace memspice
