#pragma once

#include "memspice/simulate.hpp"

namespace memspice {

/// `.options verify`: integrates the first tenth of a transient with IDA and with the network integrator, and
/// compares the states at a hundred times. Nothing, and a warning at the card, where the network integrator
/// does not cover the circuit. A difference that is too large is a warning too: it does not tell whose it is.
std::optional<VerifyReport> verify_integrators(const Circuit& circuit, const TransientCard& card,
                                               const RunOptions& options, std::vector<Diagnostic>& warnings);

}  // namespace memspice
