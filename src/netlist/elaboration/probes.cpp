#include "netlist/elaboration/probes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/spelling.hpp"

namespace memspice {
std::uint32_t Probes::Table::number(std::string_view name, std::string_view here) {
  const std::uint32_t known = names.intern(name);
  if (known == at.size()) at.push_back(here);
  return known;
}

std::uint32_t add_program(Circuit& circuit, Program program) {
  circuit.programs.push_back(std::move(program));
  return static_cast<std::uint32_t>(circuit.programs.size() - 1);
}

std::uint32_t Probes::voltage(Program& program, std::string_view plus, std::string_view minus,
                              const Scope& scope) {
  const std::string first = names_.in_circuit(plus, scope);
  const std::string second = minus.empty() ? "0" : names_.in_circuit(minus, scope);
  if (first == second) return program.constant(0);
  Probe probe{.kind = Probe::Kind::voltage};
  probe.plus = nodes_.number(first, plus);
  probe.minus = nodes_.number(second, minus);
  return program.input(probe);
}

std::uint32_t Probes::element(Program& program, std::string_view accessor, std::string_view element,
                              const Scope& scope) {
  Probe probe{.kind = Probe::Kind::element, .accessor = to_lower(accessor)};
  const std::string key = fmt::format("{} {}", probe.accessor, names_.full(scope, element));
  probe.element = elements_.number(key, element);
  const std::uint32_t input = program.input(probe);
  if (scope.multiplier == 1 || (probe.accessor != "i" && probe.accessor != "p")) return input;
  messages_.warning(
      {element,
       fmt::format("within a subcircuit with m={:g} this is the current of one copy", scope.multiplier),
       "in ngspice it is that of all copies, which makes the result depend on m twice"});
  return program.apply(Program::Operation::multiply, program.constant(1 / scope.multiplier), input);
}

bool Probes::is_accessor(std::string_view name) const {
  if (name == "i" || name == "p" || name == "w" || name == "r") return true;
  const auto names_it = [name](const auto& description) { return description.name == name; };
  return std::ranges::any_of(circuit_.catalogue->types(), [&](const auto& type) {
    return std::ranges::any_of(type->unknowns, names_it) || std::ranges::any_of(type->observables, names_it);
  });
}

void Probes::resolve() {
  const std::vector<NodeId> nodes = resolve_nodes();
  const std::vector<std::uint32_t> elements = resolve_elements();
  for (Program& program : circuit_.programs)
    for (Probe& probe : program.inputs()) {
      if (probe.kind == Probe::Kind::voltage) {
        probe.plus = nodes[probe.plus];
        probe.minus = nodes[probe.minus];
      } else if (probe.kind == Probe::Kind::element) {
        probe.element = elements[probe.element];
      }
    }
}

std::vector<NodeId> Probes::resolve_nodes() {
  std::vector<NodeId> nodes(nodes_.names.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const std::string full = nodes_.names[i];
    const std::string_view name = full;
    nodes[i] = circuit_.node_names.find(name);
    if (nodes[i] == NameTable::npos) nodes[i] = circuit_.node_names.find(with_dots(name));
    if (nodes[i] != NameTable::npos) continue;
    std::string hint = near_name(name, circuit_.node_names);
    const std::size_t dot = name.rfind('.');
    const std::string_view local = dot == std::string_view::npos ? name : name.substr(dot + 1);
    if (name.starts_with('x') && local != name && circuit_.node_names.find(local) != NameTable::npos)
      hint = fmt::format(
          "there is a node '{}' outside of the subcircuit: make it a pin or name it on a .global card",
          local);
    messages_.error({nodes_.at[i], fmt::format("no node '{}' in this circuit", name), std::move(hint)});
  }
  return nodes;
}

std::vector<std::uint32_t> Probes::resolve_elements() {
  std::vector<std::uint32_t> elements(elements_.names.size());
  if (elements.empty()) return elements;
  const std::vector<ElementPlace> places = element_places(circuit_);
  for (std::uint32_t i = 0; i < elements.size(); ++i) {
    const std::string full = elements_.names[i];
    const std::string_view key = full, at = elements_.at[i];
    const std::string_view accessor = key.substr(0, key.find(' ')), name = key.substr(accessor.size() + 1);
    elements[i] = memspice::find_element(circuit_.element_names, name);
    if (elements[i] == NameTable::npos) {
      messages_.error({at, fmt::format("no element '{}' in this circuit", name),
                       near_name(name, circuit_.element_names)});
    } else if (!has_quantity(places[elements[i]], accessor)) {
      messages_.error({at, fmt::format("'{}' has no quantity '{}'", name, accessor),
                       "i(e) and p(e) are for elements with two ends, w(y) and r(y) for memristors"});
    }
  }
  return elements;
}

bool Probes::has_quantity(const ElementPlace& place, std::string_view accessor) const {
  const bool of_two_ends = accessor == "i" || accessor == "p";
  if (place.kind == ElementPlace::Kind::line || place.kind == ElementPlace::Kind::coupling) return false;
  if (place.kind != ElementPlace::Kind::device) return of_two_ends;
  const auto names_it = [accessor](const auto& description) { return description.name == accessor; };
  const DeviceType& type = *circuit_.groups[place.group].type;
  return (of_two_ends && type.terminals.size() == 2) || std::ranges::any_of(type.unknowns, names_it) ||
         std::ranges::any_of(type.observables, names_it);
}

}  // namespace memspice
