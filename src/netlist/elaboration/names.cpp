#include "netlist/elaboration/names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/problem.hpp"
#include "base/spelling.hpp"
#include "circuit/element_view.hpp"

namespace memspice {
namespace {

bool is_ground(std::string_view lower_case) {
  return lower_case == "0" || lower_case == "gnd";
}

}  // namespace

std::vector<std::string> first_names(const NameTable& table) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < std::min(table.size(), most_candidates); ++i) names.push_back(table[i]);
  return names;
}

std::string near_name(std::string_view word, const NameTable& table) {
  const std::vector<std::string> names = first_names(table);
  return did_you_mean(word, {names.begin(), names.end()});
}

std::string line_of(const SourceFiles& sources, Location where) {
  return fmt::format("{}:{}", sources.name(where.file), sources.position(where).line);
}

std::string_view Names::full(const Scope& scope, std::string_view name, std::string_view before) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (scope.prefix.empty() && before.empty() && std::ranges::none_of(name, is_upper)) return name;
  buffer_.assign(scope.prefix);
  buffer_ += before;
  append_lower(buffer_, name);
  return buffer_;
}

NodeId Names::node(std::string_view name, Scope& scope) {
  const std::string_view full_name = full(scope, name);
  const std::string_view local = full_name.substr(scope.prefix.size());
  if (is_ground(local)) return ground;
  if (scope.caller == nullptr) return circuit_.node_names.intern(full_name);
  if (const auto pin = scope.body->pin_numbers.find(local); pin != scope.body->pin_numbers.end()) {
    // Only now: a pin that nothing inside is connected to makes no node.
    Scope::Pin& binding = scope.pins[pin->second];
    if (binding.node == NameTable::npos) binding.node = node(binding.name, *scope.caller);
    return binding.node;
  }
  return circuit_.node_names.intern(top_.globals.contains(local) ? local : full_name);
}

NodeId Names::find_node(std::string_view name, Scope& scope) {
  const std::string_view full_name = full(scope, name);
  const std::string_view local = full_name.substr(scope.prefix.size());
  if (is_ground(local)) return ground;
  if (const auto pin = scope.body->pin_numbers.find(local); pin != scope.body->pin_numbers.end())
    return find_node(scope.pins[pin->second].name, *scope.caller);
  const NodeId found = circuit_.node_names.find(top_.globals.contains(local) ? local : full_name);
  return found == NameTable::npos && name.find(':') != std::string_view::npos
             ? find_node(with_dots(name), scope)
             : found;
}

std::string Names::in_circuit(std::string_view node, const Scope& scope) const {
  const std::string local = to_lower(node);
  if (is_ground(local)) return "0";
  if (scope.caller == nullptr) return local;
  if (const auto pin = scope.body->pin_numbers.find(local); pin != scope.body->pin_numbers.end())
    return in_circuit(scope.pins[pin->second].name, *scope.caller);
  return top_.globals.contains(local) ? local : scope.prefix + local;
}

std::uint32_t Names::find_element(std::string_view name, const Scope& scope) {
  return memspice::find_element(circuit_.element_names, full(scope, name));
}

NodeId Names::existing_node(std::string_view name, Scope& scope) {
  const NodeId node = find_node(name, scope);
  if (node != NameTable::npos) return node;
  throw Problem{name, fmt::format("no node '{}' in this circuit", name),
                near_name(to_lower(name), circuit_.node_names)};
}

std::uint32_t Names::existing_element(std::string_view name, const Scope& scope) {
  const std::uint32_t element = find_element(name, scope);
  if (element != NameTable::npos) return element;
  throw Problem{name, fmt::format("no element '{}' in this circuit", name),
                near_name(to_lower(name), circuit_.element_names)};
}

std::uint32_t Names::new_element(std::string_view full, std::string_view at) {
  const std::size_t before = circuit_.element_names.size();
  const std::uint32_t name = circuit_.element_names.intern(full);
  if (circuit_.element_names.size() == before)
    throw Problem{at, fmt::format("there are two elements named '{}'", full), place_of_element(name)};
  return name;
}

std::string Names::place_of_element(std::uint32_t name) const {
  const auto hint = [this](Location where) {
    return "the first one is at " + line_of(*circuit_.sources, where);
  };
  for (const DeviceGroup& group : circuit_.groups)
    for (std::size_t i = 0; i < group.count(); ++i)
      if (group.names[i] == name) return hint(group.where[i]);
  std::string found;  // empty: the first one was wrong itself
  const auto search = [&](const auto& elements) {
    for (const auto& element : elements)
      if (element.name == name) found = hint(element.where);
  };
  search(circuit_.voltage_sources);
  search(circuit_.current_sources);
  search(circuit_.behavioural_sources);
  search(circuit_.switches);
  search(circuit_.lines);
  for (const PendingCoupling& pending : couplings_)
    if (pending.coupling.name == name) found = hint(pending.coupling.where);
  return found;
}

}  // namespace memspice
