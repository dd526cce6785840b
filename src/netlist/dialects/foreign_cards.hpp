#pragma once

#include <span>
#include <string_view>

namespace memspice {

/// A card of other simulators: named, so that it is never passed over in silence.
struct ForeignCard {
  std::string_view name;
  std::string_view why;   // what is not done, or what to write instead
  bool harmless = false;  // the circuit and its results are the same without it: a warning, not an error
};
std::span<const ForeignCard> foreign_cards();
/// nullptr: there is none of this name.
const ForeignCard* find_foreign_card(std::string_view name);

}  // namespace memspice
