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

/// Whether a card of this name, in lower case and with its dot, is not read: each point of a sweep is an
/// elaboration of its own, and the cards that it does without may hold as many values as there are points.
bool passes_over(Elaboration& elaboration, const std::string& name);

/// Reads a card by a name in lower case, with its dot. Throws Problem.
void read_card(CardContext& card, const std::string& name);

/// The names and aliases of all cards, the foreign ones too.
std::vector<std::string_view> card_names(const CardTable& cards);

}  // namespace memspice
