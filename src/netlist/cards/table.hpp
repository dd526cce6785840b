#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace memspice {

/// A dot card as `memspice --help-cards` and docs/netlist.md describe it.
struct CardDescription {
  std::string_view name;        // with its dot, lower case
  std::string_view aliases;     // other spellings, separated by blanks
  std::string_view form;        // what follows the name
  std::string_view help;        // one line
  bool in_subcircuits = false;  // may stand inside of .subckt too
};

/// Calls `visit` with each of the words of a list such as CardDescription::aliases.
template <class Visit>
void for_each_alias(std::string_view words, Visit visit) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    visit(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

/// All cards that memspice reads, in the order of the reference.
std::vector<CardDescription> card_descriptions();

/// A card of other simulators: named, so that it is never passed over in silence.
struct ForeignCard {
  std::string_view name;
  std::string_view why;   // what is not done, or what to write instead
  bool harmless = false;  // the circuit and its results are the same without it: a warning, not an error
};
const ForeignCard* find_foreign_card(std::string_view name);

/// The names and aliases of all cards, the foreign ones too.
std::vector<std::string_view> card_names();

}  // namespace memspice
