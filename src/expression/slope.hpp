#pragma once

#include <functional>

#include "expression/program_builder.hpp"

namespace memspice {

/// Appends the partial derivative of an instruction of the program and returns it. `of_input` is the
/// derivative of an input of the program by what it is derived by (0: the input does not depend on it). What
/// jumps has the derivative 0; beyond the ends of its domain a function has that of its continuation
/// (program.hpp).
ProgramBuilder::Id append_slope(ProgramBuilder& builder, ProgramBuilder::Id of,
                                const std::function<double(const Probe&)>& of_input);

}  // namespace memspice
