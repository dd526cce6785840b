#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

std::vector<std::string_view> first_names(const NameTable& table) {
  std::vector<std::string_view> names;
  for (std::uint32_t i = 0; i < std::min(table.size(), most_candidates); ++i) names.push_back(table[i]);
  return names;
}

// The number of a name, and its first place when it is new.
std::uint32_t intern(NameTable& table, std::vector<std::string_view>& places, std::string_view name,
                     std::string_view at) {
  const std::uint32_t number = table.intern(name);
  if (number == places.size()) places.push_back(at);
  return number;
}

}  // namespace

std::string Elaborator::circuit_node_name(std::string_view name, const Scope& scope) const {
  const std::string local = to_lower(name);
  if (local == "0" || local == "gnd") return "0";
  if (scope.caller == nullptr) return local;
  if (const auto pin = scope.body->pin_numbers.find(local); pin != scope.body->pin_numbers.end())
    return circuit_node_name(scope.pins[pin->second].name, *scope.caller);
  return top_.globals.contains(local) ? local : scope.prefix + local;
}

std::uint32_t Elaborator::voltage_probe(Program& program, std::string_view plus, std::string_view minus,
                                        Scope& scope) {
  const std::string first = circuit_node_name(plus, scope);
  const std::string second = minus.empty() ? "0" : circuit_node_name(minus, scope);
  if (first == second) return program.constant(0);
  Probe probe{.kind = Probe::Kind::voltage};
  probe.plus = intern(probe_nodes_, probe_nodes_at_, first, plus);
  probe.minus = intern(probe_nodes_, probe_nodes_at_, second, minus);
  return program.input(probe);
}

std::uint32_t Elaborator::element_probe(Program& program, std::string_view accessor, std::string_view element,
                                        Scope& scope) {
  Probe probe{.kind = Probe::Kind::element, .accessor = to_lower(accessor)};
  const std::string key = fmt::format("{} {}", probe.accessor, full_name(scope, element));
  probe.element = intern(probe_elements_, probe_elements_at_, key, element);
  const std::uint32_t input = program.input(probe);
  if (scope.multiplier == 1 || (probe.accessor != "i" && probe.accessor != "p")) return input;
  messages_.warning(
      {element,
       fmt::format("within a subcircuit with m={:g} this is the current of one copy", scope.multiplier),
       "in ngspice it is that of all copies, which makes the result depend on m twice"});
  return program.apply(Program::Operation::multiply, program.constant(1 / scope.multiplier), input);
}

bool Elaborator::is_accessor(std::string_view name) const {
  if (name == "i" || name == "p" || name == "w" || name == "r") return true;
  const auto names_it = [name](const auto& description) { return description.name == name; };
  return std::ranges::any_of(circuit_.catalogue->types(), [&](const auto& type) {
    return std::ranges::any_of(type->unknowns, names_it) || std::ranges::any_of(type->observables, names_it);
  });
}

void Elaborator::resolve_probes() {
  if (messages_.error_count() > 0) return;  // the card with the name may be the wrong one
  const std::vector<NodeId> nodes = resolve_probe_nodes();
  const std::vector<std::uint32_t> elements = resolve_probe_elements();
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

std::vector<NodeId> Elaborator::resolve_probe_nodes() {
  std::vector<NodeId> nodes(probe_nodes_.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const std::string_view name = probe_nodes_[i];
    nodes[i] = circuit_.node_names.find(name);
    if (nodes[i] == NameTable::npos) nodes[i] = circuit_.node_names.find(with_dots(name));
    if (nodes[i] != NameTable::npos) continue;
    std::string hint = did_you_mean(std::string(name), first_names(circuit_.node_names));
    const std::size_t dot = name.rfind('.');
    const std::string_view local = dot == std::string_view::npos ? name : name.substr(dot + 1);
    if (name.starts_with('x') && local != name && circuit_.node_names.find(local) != NameTable::npos)
      hint = fmt::format(
          "there is a node '{}' outside of the subcircuit: make it a pin or name it on a .global card",
          local);
    messages_.error({probe_nodes_at_[i], fmt::format("no node '{}' in this circuit", name), std::move(hint)});
  }
  return nodes;
}

std::vector<std::uint32_t> Elaborator::resolve_probe_elements() {
  std::vector<std::uint32_t> elements(probe_elements_.size());
  if (elements.empty()) return elements;
  const std::vector<ElementPlace> places = element_places(circuit_);
  for (std::uint32_t i = 0; i < elements.size(); ++i) {
    const std::string_view key = probe_elements_[i], at = probe_elements_at_[i];
    const std::string_view accessor = key.substr(0, key.find(' ')), name = key.substr(accessor.size() + 1);
    elements[i] = memspice::find_element(circuit_.element_names, name);
    if (elements[i] == NameTable::npos) {
      messages_.error({at, fmt::format("no element '{}' in this circuit", name),
                       did_you_mean(std::string(name), first_names(circuit_.element_names))});
    } else if (!has_quantity(places[elements[i]], accessor)) {
      messages_.error({at, fmt::format("'{}' has no quantity '{}'", name, accessor),
                       "i(e) and p(e) are for elements with two ends, w(y) and r(y) for memristors"});
    }
  }
  return elements;
}

bool Elaborator::has_quantity(const ElementPlace& place, std::string_view accessor) const {
  const bool of_two_ends = accessor == "i" || accessor == "p";
  if (place.kind == ElementPlace::Kind::line || place.kind == ElementPlace::Kind::coupling) return false;
  if (place.kind != ElementPlace::Kind::device) return of_two_ends;
  const auto names_it = [accessor](const auto& description) { return description.name == accessor; };
  const DeviceType& type = *circuit_.groups[place.group].type;
  return (of_two_ends && type.terminals.size() == 2) || std::ranges::any_of(type.unknowns, names_it) ||
         std::ranges::any_of(type.observables, names_it);
}

}  // namespace memspice
