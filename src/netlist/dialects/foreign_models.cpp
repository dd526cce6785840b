#include "netlist/dialects/foreign_models.hpp"

#include <algorithm>
#include <iterator>

namespace memspice {

bool is_future_model_type(std::string_view type) {
  static constexpr std::string_view types[] = {"d",   "npn", "pnp",  "nmos", "pmos", "njf",   "pjf",
                                               "nmf", "pmf", "ltra", "urc",  "txl",  "vdmos", "cpl"};
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

std::string_view future_element(char letter) {
  switch (letter) {
    case 'a':
      return "code model";
    case 'd':
      return "diode";
    case 'j':
      return "junction field-effect transistor";
    case 'm':
      return "MOS transistor";
    case 'o':
      return "lossy transmission line";
    case 'u':
      return "distributed RC line";
    case 'q':
      return "bipolar transistor";
    case 'z':
      return "MES transistor";
    default:
      return {};
  }
}

}  // namespace memspice
