#pragma once

#include <memspice/circuit.hpp>
#include <nlohmann/json.hpp>

namespace memspice::app {

/// The graph of a circuit for the page: `nodes` (names, ground first), `names`, `from`, `to` and `kinds` of
/// the elements' branches, and of generated nanowires `wires`, lists of a node's number and x0, y0, x1, y1 in
/// the unit box. Null for a circuit without memristors.
nlohmann::ordered_json network_json(const Circuit& circuit);

}  // namespace memspice::app
