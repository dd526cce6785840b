#pragma once

#include <vector>

#include "analysis/types/analysis_type.hpp"

namespace memspice {

/// Warns of more than ten million rows, all analyses and points counted, as far as their number is known
/// before anything is solved; with .options maxrows never. Throws DeckError when there are more than that
/// allows, or more steps than can be computed.
std::vector<Diagnostic> check_rows(const Circuit& circuit);

/// What asks for the rows of an analysis with one for each value.
RowCount rows_of_values(double values);

/// A message where the card of an analysis begins.
Diagnostic at_card(const Circuit& circuit, Location where, std::string message, std::string hint,
                   Severity severity);

}  // namespace memspice
