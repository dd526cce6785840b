#pragma once

#include <fmt/format.h>

#include <optional>
#include <span>
#include <string_view>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Reads `name =` and says whether there is one; any other name than those of `names` is refused. `card_name`
/// is how messages call the card.
bool card_option(CardContext& card, std::string_view card_name, std::span<const std::string_view> names,
                 std::string_view& name);
/// Reads a value that must be greater than 0.
double tolerance(CardContext& card);
/// Reads one of these words: op, fixed, end.
StatePoint state_point(CardContext& card, std::string_view option, std::span<const std::string_view> words);

/// Makes a card that may stand in a deck once. Throws Problem when there is one already.
template <class CardType>
void once(CardContext& card, std::string_view name, std::optional<CardType>& place) {
  if (place)
    throw Problem{card.text.substr(0, name.size()), fmt::format("there are two {} cards", name),
                  "the first one is at " + card.line_of(place->where)};
  place.emplace();
  place->where = card.where;
}

}  // namespace memspice
