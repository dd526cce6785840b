#pragma once

#include <string>
#include <string_view>

namespace memspice::fuzz {

/// A few cards or words of the deck changed, the same for the same seed.
std::string mutated_deck(std::string_view deck, unsigned seed);
/// Some lines of the second between those of the first.
std::string crossed_decks(std::string_view first, std::string_view second, unsigned seed);

}  // namespace memspice::fuzz
