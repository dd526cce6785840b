#pragma once

#include <string_view>

#include "netlist/elaboration/card_context.hpp"
#include "netlist/elements/parasitics.hpp"

namespace memspice {

/// A device that has been read. Its values, where they are given, and its nodes are in the elaboration's
/// scratch.
struct NewDevice {
  const DeviceType* type = nullptr;
  const Model* model = nullptr;   // none: it names none
  std::string_view name, before;  // `before` the name in the circuit
  Parasitics parasitics = {};
};

/// Makes of the values what the circuit keeps, checks them, and adds the device. Throws Problem.
void add_device(CardContext& card, const NewDevice& device);

}  // namespace memspice
