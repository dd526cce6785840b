#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/problem.hpp"
#include "expression/evaluator.hpp"
#include "netlist/elaboration/scope.hpp"

namespace memspice {

/// The values of parameters and expressions in scopes. Parameters are evaluated when first asked for, so that
/// their order is free. Members throw Problem.
class ScopeValues {
 public:
  ScopeValues(Evaluator& evaluator, const Circuit& circuit) : evaluator_(evaluator), circuit_(circuit) {}

  double value(const Expression& expression, Scope& scope);
  /// A parameter of this very scope.
  double parameter(Scope& scope, std::uint32_t number);
  [[nodiscard]] Evaluator& evaluator() { return evaluator_; }
  [[nodiscard]] const Circuit& circuit() const { return circuit_; }

 private:
  [[noreturn]] void fail_cycle(const Scope& scope, std::uint32_t number) const;

  struct Active {
    const Scope* scope;
    std::uint32_t number;
  };
  Evaluator& evaluator_;
  const Circuit& circuit_;
  std::vector<Active> active_;  // parameters being evaluated
  std::map<std::pair<const Scope*, std::uint32_t>, Problem> failures_;
};

/// What names mean in a scope: there, then where its instance stands, and so on to the top level.
class ScopeEnvironment final : public Environment {
 public:
  ScopeEnvironment(ScopeValues& values, Scope& scope) : values_(values), scope_(scope) {}

  std::optional<double> parameter(std::string_view name) override;
  [[nodiscard]] bool has_parameter(std::string_view name) const override;
  [[nodiscard]] const FunctionDefinition* function(std::string_view name) const override;
  [[nodiscard]] bool has_element(std::string_view name) const override;
  [[nodiscard]] double temperature() const override { return values_.circuit().options.temperature; }
  [[nodiscard]] double junction_conductance() const override { return values_.circuit().options.gmin; }
  void append_parameters(std::vector<std::string_view>& names) const override;
  void append_functions(std::vector<std::string_view>& names) const override;

 private:
  ScopeValues& values_;
  Scope& scope_;
};

}  // namespace memspice
