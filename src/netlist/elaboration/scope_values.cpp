#include "netlist/elaboration/scope_values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/string_map.hpp"
#include "circuit/element_view.hpp"

namespace memspice {

double ScopeValues::value(const Expression& expression, Scope& scope) {
  ScopeEnvironment environment(*this, scope);
  return evaluator_.value(expression, environment);
}

double ScopeValues::parameter(Scope& scope, std::uint32_t number) {
  const ParameterDefinition& definition = scope.body->parameters[number];
  switch (scope.states[number]) {
    case Scope::State::given:
    case Scope::State::known:
      return scope.values[number];
    case Scope::State::failed:
      throw failures_.at({&scope, number});
    case Scope::State::in_progress:
      fail_cycle(scope, number);
    case Scope::State::unknown:
      break;
  }
  scope.states[number] = Scope::State::in_progress;
  active_.push_back({&scope, number});
  try {
    scope.values[number] = value(definition.expression, scope);
  } catch (const Problem& problem) {
    active_.pop_back();
    scope.states[number] = Scope::State::failed;
    failures_.insert_or_assign({&scope, number}, problem);
    throw;
  }
  active_.pop_back();
  scope.states[number] = Scope::State::known;
  return scope.values[number];
}

void ScopeValues::fail_cycle(const Scope& scope, std::uint32_t number) const {
  const auto first = std::find_if(active_.begin(), active_.end(), [&](const Active& active) {
    return active.scope == &scope && active.number == number;
  });
  std::string chain;
  for (auto active = first; active != active_.end(); ++active)
    chain += fmt::format("{} -> ", active->scope->body->parameters[active->number].at);
  const std::string_view name = scope.body->parameters[number].at;
  throw Problem{name, fmt::format("parameter '{}' depends on itself: {}{}", name, chain, name)};
}

std::optional<double> ScopeEnvironment::parameter(std::string_view name) {
  for (Scope* at = &scope_; at; at = at->caller)
    if (const auto found = at->body->parameter_numbers.find(name); found != at->body->parameter_numbers.end())
      return values_.parameter(*at, found->second);
  return std::nullopt;
}

bool ScopeEnvironment::has_parameter(std::string_view name) const {
  for (const Scope* at = &scope_; at; at = at->caller)
    if (at->body->parameter_numbers.contains(name)) return true;
  return false;
}

const FunctionDefinition* ScopeEnvironment::function(std::string_view name) const {
  for (const Scope* at = &scope_; at; at = at->caller)
    if (const auto found = at->body->functions.find(name); found != at->body->functions.end())
      return &found->second;
  return nullptr;
}

bool ScopeEnvironment::has_element(std::string_view name) const {
  return find_element(values_.circuit().element_names, name) != NameTable::npos;
}

void ScopeEnvironment::append_parameters(std::vector<std::string_view>& names) const {
  for (const Scope* at = &scope_; at; at = at->caller) append_names(at->body->parameter_numbers, names);
}

void ScopeEnvironment::append_functions(std::vector<std::string_view>& names) const {
  for (const Scope* at = &scope_; at; at = at->caller) append_names(at->body->functions, names);
}

}  // namespace memspice
