#pragma once

#include "analysis/newton.hpp"

namespace memspice {

/// The states and guesses a deck gives: w0 and ic of the devices, .nodeset for the nodes.
Solution initial_guess(const EquationSystem& system);

/// What a transient starts from, in the layout of the transient's system: the operating point at t = 0, found
/// by `method`, or with `uic` the initial conditions as they stand.
struct Start {
  Solution at;
  std::string method;
};
Start start_of_transient(const Circuit& circuit, const TransientCard& card, EquationSystem& transient);

}  // namespace memspice
