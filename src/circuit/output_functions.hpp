#pragma once

#include <complex>
#include <span>
#include <string_view>

#include "circuit/functions.hpp"

namespace memspice {

/// An operator or a function of an expression over output vectors, which are complex in .ac.
struct OutputFunction {
  std::string_view name;
  int least = 1;
  int most = 1;                                                                      // -1: any number
  double (*real)(std::span<const double>) = nullptr;                                 // of real arguments
  std::complex<double> (*complex)(std::span<const std::complex<double>>) = nullptr;  // nullptr: has none
  bool gives_real = false;                                                           // of complex arguments
};

/// nullptr when there is none of this (lower-case) name. Operators are called as they are spelled, the minus
/// before a value "neg", the conditional "?:".
const OutputFunction* find_output_function(std::string_view name);
std::vector<std::string_view> output_function_names();

}  // namespace memspice
