#pragma once

#include <string_view>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Reads v(node), v(node,node) or i(source). `card_name` is how messages call the card. Throws Problem.
OutputQuantity output_quantity(CardContext& card, std::string_view card_name);
/// Reads the name of a voltage or current source: its number in Circuit::element_names. Throws Problem.
std::uint32_t independent_source(CardContext& card, std::string_view card_name);

}  // namespace memspice
