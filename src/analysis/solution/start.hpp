#pragma once

#include <optional>

#include "analysis/solution/newton.hpp"

namespace memspice {

/// The states and guesses a deck gives: w0 and ic of the devices, .nodeset for the nodes.
Solution initial_guess(const EquationSystem& system);

/// The point `at` of one system in the layout of another system of the same circuit, whose sources are set to
/// t. Derivatives are zero.
Solution transfer(EquationSystem& from, double t, const Solution& at, EquationSystem& to);

/// Puts states that rounding left outside their bounds onto them.
void clamp_states(const EquationSystem& system, Solution& at);

/// A solution to look at after an analysis, in the layout of the transient's system.
struct CircuitPoint {
  std::string name;       // "op", "fixed", "end"
  bool dc_values = true;  // of the sources; otherwise their values at t
  double t = 0;           // s
  double step = 0;        // s, of the transient it comes from: SPICE's defaults of source functions
  double stop = 1;        // s, of that transient
  Solution at;
};
/// Gives the sources of a system their values at the point.
void set_sources(EquationSystem& system, const CircuitPoint& point);
/// The operating point with the sources' DC values. Throws SimulationError.
CircuitPoint dc_point(const Circuit& circuit);

/// What a transient starts from, in the layout of the transient's system: the operating point at t = 0, found
/// by `method`, or with `uic` the initial conditions as they stand.
struct Start {
  Solution at;
  std::string method;
  std::vector<std::string> loose;  // potentials that nothing determines at rest, "v(x)"
};
/// A warning that names them.
void warn_of_loose(const Circuit& circuit, Location where, const std::vector<std::string>& loose,
                   std::vector<Diagnostic>& warnings);
Start start_of_transient(const Circuit& circuit, const TransientCard& card, EquationSystem& transient);
/// The states alone, for an integrator that finds potentials itself; nothing where the operating point
/// decides more than these. Throws DeckError for a node without a path to ground.
std::optional<Start> start_of_states(const Circuit& circuit, const TransientCard& card,
                                     const EquationSystem& transient);

}  // namespace memspice
