#pragma once

#include <string>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice::testing {

/// An empty circuit with ground and the nodes n1 … nN, for tests that need no deck.
inline Circuit empty_circuit(std::uint32_t nodes, std::shared_ptr<const Catalogue> catalogue) {
  Circuit circuit;
  circuit.title = "by hand";
  circuit.sources = std::make_shared<SourceFiles>();
  circuit.catalogue = std::move(catalogue);
  circuit.node_names.intern("0");
  for (std::uint32_t n = 1; n <= nodes; ++n) circuit.node_names.intern("n" + std::to_string(n));
  return circuit;
}

/// Adds an instance; its name is the device's letter and a number.
inline void add_device(Circuit& circuit, const DeviceType& type, const std::vector<NodeId>& nodes,
                       const std::vector<double>& parameters) {
  DeviceGroup* group = nullptr;
  for (DeviceGroup& candidate : circuit.groups)
    if (candidate.type == &type) group = &candidate;
  if (group == nullptr) {
    circuit.groups.emplace_back();
    group = &circuit.groups.back();
    group->type = &type;
  }
  const std::string name =
      std::string(1, type.letter) + std::to_string(type.level) + "_" + std::to_string(group->count());
  group->names.push_back(circuit.element_names.intern(name));
  group->nodes.insert(group->nodes.end(), nodes.begin(), nodes.end());
  group->parameters.add(parameters);
  group->where.emplace_back();
}

inline void add_voltage_source(Circuit& circuit, NodeId plus, NodeId minus, double volts) {
  const std::string name = "v" + std::to_string(circuit.voltage_sources.size());
  circuit.voltage_sources.push_back({.name = circuit.element_names.intern(name),
                                     .plus = plus,
                                     .minus = minus,
                                     .function = Source::constant,
                                     .dc = volts,
                                     .extras = {},
                                     .where = {}});
}

}  // namespace memspice::testing
