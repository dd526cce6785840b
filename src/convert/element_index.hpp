#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice::convert {

/// One element of a circuit, found by its name.
struct Element {
  std::uint32_t name = NameTable::npos;
  const Source* source = nullptr;      // of a source
  const DeviceGroup* group = nullptr;  // of a device
  std::size_t instance = 0;            // within its group
  const BehaviouralSource* behavioural = nullptr;
  const Switch* switch_element = nullptr;
  const TransmissionLine* line = nullptr;
  // r c l d q m j z v i; y: any device of equations; b: any behavioural source; s: any switch; t; k:
  // couplings have no current
  char letter = 0;
  NodeId plus = ground;
  NodeId minus = ground;

  /// Of a device, in the order of its terminals.
  [[nodiscard]] std::span<const NodeId> nodes() const {
    const std::size_t terminals = group->type->terminals.size();
    return std::span(group->nodes).subspan(instance * terminals, terminals);
  }
  [[nodiscard]] Location where() const { return group->where[instance]; }
  /// A device's parameter; NaN where it is not given.
  [[nodiscard]] double parameter(std::string_view parameter_name) const {
    const std::size_t index = group->type->find_parameter(parameter_name).value();
    return group->parameter(instance, index);
  }
  /// Whether the peers have a current of this very element.
  [[nodiscard]] bool is_branch() const {
    return letter == 'v' || letter == 'l' || is_short() || (letter == 'b' && behavioural->voltage);
  }
  [[nodiscard]] bool is_short() const { return letter == 'r' && parameter("r") == 0; }
};

/// The elements by number of name. Throws DeckError for a device that has no counterpart in the peers.
std::vector<Element> index_elements(const Circuit& circuit);

}  // namespace memspice::convert
