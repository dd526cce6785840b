#pragma once

#include <string>

#include "analysis/solution/newton.hpp"

namespace memspice {

/// Lines for a message about a missing operating point: the sources whose equation holds nowhere or anywhere,
/// whatever the unknowns are (`B1 a 0 V=v(a)+1`), and loops of controlled voltage sources, whose currents
/// nothing determines. Empty when there are none.
std::string describe_singular_sources(EquationSystem& system, double t, const Solution& guess);

}  // namespace memspice
