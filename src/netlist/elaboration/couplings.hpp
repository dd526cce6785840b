#pragma once

#include <array>
#include <string>
#include <string_view>

#include "memspice/circuit.hpp"

namespace memspice {

/// A pair of a K card, which may stand before its inductors.
struct PendingCoupling {
  Coupling coupling;
  std::array<std::string_view, 2> at;  // the inductors on the card
  std::array<std::string, 2> full;     // their names in the circuit
};

}  // namespace memspice
