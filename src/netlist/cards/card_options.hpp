#pragma once

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

}  // namespace memspice
