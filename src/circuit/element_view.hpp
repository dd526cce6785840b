#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice {

/// Where a circuit keeps an element.
struct ElementPlace {
  enum class Kind : std::uint8_t {
    none,
    device,
    voltage_source,
    current_source,
    behavioural_source,
    switch_element,
    line,
    coupling,
  };
  Kind kind = Kind::none;
  std::uint32_t group = 0;  // of a device
  std::uint32_t index = 0;  // instance, or place in the list of its kind
};

/// The element of this name, lower case; those of subcircuits may be named as in Xyce, x1:v2, and as in
/// ngspice's own list: v.x1.v2 is x1.v2. NameTable::npos: there is none.
std::uint32_t find_element(const NameTable& elements, std::string_view name);

/// The places of all elements, by number of name.
std::vector<ElementPlace> element_places(const Circuit& circuit);

}  // namespace memspice
