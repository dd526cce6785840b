#pragma once

#include "analysis/types/analysis_type.hpp"

namespace memspice {

/// The rows of a transient that are known before it runs.
RowCount rows_of_transient(const Circuit& circuit, const TransientCard& card);

/// Throws DeckError when largest steps, periods or corners ask for more steps than can be computed.
void check_steps(const Circuit& circuit, const TransientCard& card);

}  // namespace memspice
