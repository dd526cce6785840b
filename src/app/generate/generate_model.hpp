#pragma once

#include <string>

#include "app/generate/generate_arguments.hpp"

namespace memspice::app {

/// The memristors of --model, a level by its name or number, with what --parameter says and the published
/// defaults for the rest. UsageError for a level or a parameter that there is not.
generate::Devices devices_of_level(const GenerateArguments& arguments);

/// What .save names for the states of the memristors: "w(*)".
std::string state_vectors(const generate::Devices& devices);

}  // namespace memspice::app
