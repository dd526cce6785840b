#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// The cards of netlist and those that `added` names.
CardTable card_table(std::span<const CardKind* const> added);

/// All cards that memspice reads, in the order of the reference.
std::vector<CardDescription> card_descriptions();

/// Reads a card by a name in lower case, with its dot. Throws Problem.
void read_card(CardContext& card, const std::string& name);

/// The names and aliases of all cards, the foreign ones too.
std::vector<std::string_view> card_names(const CardTable& cards);

}  // namespace memspice
