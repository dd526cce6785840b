#pragma once

#include "memspice/simulate.hpp"

namespace memspice {

/// Whether all these sources have functions of time: equations take the others for constant. Throws
/// std::out_of_range for what is no independent source, std::invalid_argument for a value that is not finite.
[[nodiscard]] bool may_be_driven(Circuit& circuit, const Inputs& inputs);
/// Gives sources of the circuit the values of `inputs` at the times from `begin` to `end` (s) and after.
void drive_sources(Circuit& circuit, const Inputs& inputs, InputShape shape, double begin, double end);

}  // namespace memspice
