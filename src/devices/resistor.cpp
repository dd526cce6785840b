#include "devices/resistor.hpp"

namespace memspice {

DeviceType Resistor::describe() {
  DeviceType type;
  type.name = "resistor";
  type.help = "linear resistor, i = v/r; r may be negative, 0 is a short circuit";
  type.letter = 'r';
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.positional = true;
  type.parameters = {
      {.name = "r", .unit = "ohm", .required = true, .help = "resistance", .aliases = {"value"}},
  };
  return type;
}

}  // namespace memspice
