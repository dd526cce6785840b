#include "netlist/dialects/foreign_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/spelling.hpp"

namespace memspice {

bool is_future_model_type(std::string_view type) {
  static constexpr std::string_view types[] = {"ltra", "urc", "txl", "cpl"};
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

std::string foreign_level_hint(std::string_view type, std::string_view level) {
  struct ForeignLevel {
    std::string_view levels;  // separated by blanks
    std::string_view name;
  };
  static constexpr ForeignLevel of_transistors[] = {
      {"4", "BSIM1"},
      {"5", "BSIM2"},
      {"8 49 53", "BSIM3"},
      {"10 55 56 57 58 70", "BSIM-SOI"},
      {"14 54", "BSIM4"},
      {"9", "MOS 9"},
      {"17 72 73 74 75", "BSIM-CMG"},
      {"44 260", "EKV"},
      {"68", "HiSIM2"},
      {"62 73", "HiSIM-HV"},
      {"69 102 103", "PSP"},
      {"77", "BSIM6"},
  };
  if (type != "nmos" && type != "pmos") return {};
  for (const ForeignLevel& foreign : of_transistors) {
    bool found = false;
    for_each_alias(foreign.levels, [&](std::string_view known) { found |= known == level; });
    if (found)
      return fmt::format(
          "that is {}, which is published as Verilog-A and comes with it later; until then run the deck in "
          "ngspice, or take level 1, 2, 3 or 6",
          foreign.name);
  }
  return {};
}

std::string_view future_element(char letter) {
  switch (letter) {
    case 'o':
      return "lossy transmission line";
    case 'u':
      return "distributed RC line";
    default:
      return {};
  }
}

}  // namespace memspice
