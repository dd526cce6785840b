#pragma once

#include <string>

namespace memspice::app {

/// What `memspice --help-functions` prints: operators, constants, functions, quantities of the simulation.
std::string function_help();

}  // namespace memspice::app
