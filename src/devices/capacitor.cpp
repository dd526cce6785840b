#include "devices/capacitor.hpp"

namespace memspice {

DeviceType Capacitor::describe() {
  DeviceType type;
  type.name = "capacitor";
  type.help = "linear capacitor, i = c dv/dt; open at the operating point";
  type.letter = 'c';
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.positional = true;
  type.open_at_dc = true;
  type.parameters = {
      {.name = "c", .unit = "F", .required = true, .help = "capacitance", .aliases = {"value"}},
      {.name = "ic", .unit = "V", .help = "initial voltage, used by .tran … uic"},
  };
  return type;
}

}  // namespace memspice
