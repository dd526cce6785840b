#pragma once

#include <string_view>
#include <vector>

#include "expression/functions.hpp"
#include "expression/operators.hpp"

namespace memspice {

/// An operator or a function of an expression over output vectors, which are complex in .ac. Of real values
/// it is what it is in the running circuit.
struct OutputFunction {
  std::string_view name;
  int least = 1;
  int most = 1;  // -1: any number
  ProgramBuilder::Id (*build)(ProgramBuilder&, Function::Operands) = nullptr;
  ComplexForm complex = nullptr;
  bool gives_real = false;  // of complex arguments
  bool divides = false;     // as Operator's
  int draws_below = 0;      // with fewer arguments it is random: limit()
};

/// nullptr when there is none of this (lower-case) name.
const OutputFunction* find_output_function(std::string_view name);
std::vector<std::string_view> output_function_names();

}  // namespace memspice
