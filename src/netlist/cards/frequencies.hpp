#pragma once

#include <string_view>
#include <vector>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Reads `dec|oct|lin number first last` or `list f1 f2 …`: Hz, ascending. `card_name` is how messages call
/// the card. Throws Problem.
std::vector<double> frequencies(CardContext& card, std::string_view card_name);

}  // namespace memspice
