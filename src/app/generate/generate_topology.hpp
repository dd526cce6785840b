#pragma once

#include <string_view>
#include <vector>

#include "app/generate/generate_arguments.hpp"

namespace memspice::app {

std::vector<std::string_view> family_names();

/// The graph that the arguments ask for. UsageError when they do not fit the family, ask for what it has not,
/// or for more memristors than a deck can sensibly hold.
generate::Topology topology_of(const GenerateArguments& arguments);

}  // namespace memspice::app
