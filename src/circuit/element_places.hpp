#pragma once

#include <cstdint>
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

/// The places of all elements, by number of name.
std::vector<ElementPlace> element_places(const Circuit& circuit);

}  // namespace memspice
