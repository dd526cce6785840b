#include "devices/inductor.hpp"

namespace memspice {

DeviceType Inductor::describe() {
  DeviceType type;
  type.name = "inductor";
  type.help = "linear inductor, v = l di/dt; a short circuit at the operating point";
  type.letter = 'l';
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.positional = true;
  type.short_at_dc = true;
  type.parameters = {
      {.name = "l",
       .unit = "H",
       .minimum = 0,
       .minimum_allowed = false,
       .required = true,
       .help = "inductance",
       .aliases = {"value"}},
      {.name = "ic", .unit = "A", .help = "initial current, used by .tran … uic"},
  };
  return type;
}

}  // namespace memspice
