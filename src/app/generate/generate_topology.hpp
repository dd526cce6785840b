#pragma once

#include "app/generate/generate_arguments.hpp"

namespace memspice::app {

/// The graph that the arguments ask for. UsageError when they do not fit the family, ask for what it has not,
/// or for more memristors than a deck can sensibly hold.
generate::Topology topology_of(const GenerateArguments& arguments);

}  // namespace memspice::app
