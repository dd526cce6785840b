#include <fmt/format.h>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

bool is_ground(std::string_view lower_case) {
  return lower_case == "0" || lower_case == "gnd";
}

}  // namespace

std::string_view Elaborator::full_name(const Scope& scope, std::string_view name, std::string_view before) {
  name_buffer_.assign(scope.prefix);
  name_buffer_ += before;
  append_lower(name_buffer_, name);
  return name_buffer_;
}

NodeId Elaborator::node(std::string_view name, Scope& scope) {
  const std::string_view full = full_name(scope, name);
  const std::string_view local = full.substr(scope.prefix.size());
  if (is_ground(local)) return ground;
  if (scope.caller == nullptr) return circuit_.node_names.intern(full);
  if (const auto pin = scope.body->pin_numbers.find(local); pin != scope.body->pin_numbers.end()) {
    // Only now: a pin that nothing inside is connected to makes no node.
    Scope::Pin& binding = scope.pins[pin->second];
    if (binding.node == NameTable::npos) binding.node = node(binding.name, *scope.caller);
    return binding.node;
  }
  return circuit_.node_names.intern(top_.globals.contains(local) ? local : full);
}

NodeId Elaborator::find_node(std::string_view name, Scope& scope) {
  const std::string_view full = full_name(scope, name);
  const std::string_view local = full.substr(scope.prefix.size());
  if (is_ground(local)) return ground;
  if (const auto pin = scope.body->pin_numbers.find(local); pin != scope.body->pin_numbers.end())
    return find_node(scope.pins[pin->second].name, *scope.caller);
  const NodeId found = circuit_.node_names.find(top_.globals.contains(local) ? local : full);
  return found == NameTable::npos && name.find(':') != std::string_view::npos
             ? find_node(with_dots(name), scope)
             : found;
}

std::uint32_t Elaborator::find_element(std::string_view name, Scope& scope) {
  return memspice::find_element(circuit_.element_names, full_name(scope, name));
}

std::uint32_t Elaborator::new_element(std::string_view full, std::string_view at) {
  const std::size_t before = circuit_.element_names.size();
  const std::uint32_t name = circuit_.element_names.intern(full);
  if (circuit_.element_names.size() == before)
    throw Problem{at, fmt::format("there are two elements named '{}'", full), place_of_element(name)};
  return name;
}

std::string Elaborator::place_of_element(std::uint32_t name) const {
  const auto hint = [this](Location where) { return "the first one is at " + line_of(where); };
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
  for (const PendingCoupling& pending : pending_couplings_)
    if (pending.coupling.name == name) found = hint(pending.coupling.where);
  return found;
}

std::string Elaborator::line_of(Location where) const {
  return fmt::format("{}:{}", deck_.sources->name(where.file), deck_.sources->position(where).line);
}

}  // namespace memspice
