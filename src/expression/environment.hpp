#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/expression.hpp"

namespace memspice {

/// A function that a deck defines.
struct FunctionDefinition {
  std::string_view at;
  std::vector<std::string> arguments;
  Expression body;
};

/// Where the names of an expression have their meaning: one place of a deck. Names are lower case.
class Environment {
 public:
  virtual ~Environment() = default;
  /// The value of a parameter; nothing: there is none of this name. Throws Problem when it has no value.
  virtual std::optional<double> parameter(std::string_view name) = 0;
  [[nodiscard]] virtual bool has_parameter(std::string_view name) const = 0;
  /// A function of the deck; nullptr: there is none.
  [[nodiscard]] virtual const FunctionDefinition* function(std::string_view name) const = 0;
  [[nodiscard]] virtual bool has_element(std::string_view name) const = 0;
  /// Degrees Celsius.
  [[nodiscard]] virtual double temperature() const = 0;
  /// Of .options gmin, S.
  [[nodiscard]] virtual double junction_conductance() const = 0;
  /// What a misspelt name may have meant.
  virtual void append_parameters(std::vector<std::string_view>& names) const = 0;
  virtual void append_functions(std::vector<std::string_view>& names) const = 0;
};

}  // namespace memspice
