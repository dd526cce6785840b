#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

// What the readers of elements have in common. All throw Problem.

/// Reads n+ and n- of the element called `name`.
std::pair<NodeId, NodeId> two_nodes(CardContext& card, std::string_view name);
/// Reads what controls, two nodes or an element, and gives its probe in the program.
std::uint32_t controlling_quantity(CardContext& card, Program& program, bool by_current);
/// A word of a list in which parentheses may stand.
std::string_view listed_word(CardReader& reader, std::string_view what);
bool at_end_of_list(CardReader& reader);
/// Reads the next `name =` of the card of the element called `element`; false at its end. Other names than
/// these are refused.
bool element_option(CardReader& reader, std::string_view element, std::span<const std::string_view> names,
                    std::string& option);
/// A value that must be greater than 0.
double positive(CardContext& card, std::string_view name, std::string_view unit);

}  // namespace memspice
