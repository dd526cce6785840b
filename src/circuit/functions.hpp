#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace memspice {

/// A function that expressions know.
struct Function {
  std::string_view name;
  int least = 1;  // number of arguments
  int most = 1;   // -1: any number
  double (*value)(std::span<const double>) = nullptr;
};

/// nullptr when there is none of this (lower-case) name.
const Function* find_function(std::string_view name);
std::vector<std::string_view> function_names();
std::optional<double> find_constant(std::string_view name);
std::vector<std::string_view> constant_names();

/// What a function or variable that memspice does not evaluate at this place belongs to ("a random
/// function"); empty when the name means nothing.
std::string_view reserved_meaning(std::string_view name);

}  // namespace memspice
