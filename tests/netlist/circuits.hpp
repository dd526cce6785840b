#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "memspice/circuit.hpp"

namespace memspice {

/// The circuit of these cards, a title put before them.
inline Circuit circuit_of(const std::string& cards, const ElaborateOptions& options = {}) {
  return elaborate(parse_text("title\n" + cards), standard_catalogue(), options);
}

/// The first message of an error in these cards; empty when there is none.
inline std::string error_of(const std::string& cards, const ElaborateOptions& options = {}) {
  try {
    circuit_of(cards, options);
  } catch (const DeckError& error) {
    for (const Diagnostic& diagnostic : error.diagnostics())
      if (diagnostic.severity == Severity::error) return diagnostic.message;
  }
  return {};
}

/// A parameter of an element.
inline double parameter(const Circuit& circuit, std::string_view element, std::string_view name) {
  const std::uint32_t id = circuit.element_names.find(element);
  for (const DeviceGroup& group : circuit.groups) {
    const auto found = std::find(group.names.begin(), group.names.end(), id);
    if (found == group.names.end()) continue;
    const auto instance = static_cast<std::size_t>(found - group.names.begin());
    return group.parameter(instance, group.type->find_parameter(name).value());
  }
  FAIL("no element " << std::string(element));
  return 0;
}

/// The nodes of an element, in one string.
inline std::string nodes(const Circuit& circuit, std::string_view element) {
  const std::uint32_t id = circuit.element_names.find(element);
  const auto names = [&](NodeId a, NodeId b) {
    return std::string(circuit.node_names[a]) + ' ' + std::string(circuit.node_names[b]);
  };
  for (const DeviceGroup& group : circuit.groups)
    for (std::size_t i = 0; i < group.count(); ++i)
      if (group.names[i] == id) return names(group.nodes[2 * i], group.nodes[2 * i + 1]);
  for (const auto* sources : {&circuit.voltage_sources, &circuit.current_sources})
    for (const Source& source : *sources)
      if (source.name == id) return names(source.plus, source.minus);
  return "no such element";
}

}  // namespace memspice
