#pragma once

#include <span>
#include <string_view>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// An option that means something here, as docs/netlist.md describes it.
struct OptionDescription {
  std::string_view name;
  std::string_view aliases;        // other spellings, separated by blanks
  std::string_view default_value;  // as the reference says it, with its unit
  std::string_view example;        // as a card gives it
  std::string_view help;           // one line
};

/// The values that an option takes.
struct OptionRange {
  bool (*holds)(double value) = nullptr;  // nullptr: a switch, which is on alone and unless it is 0
  std::string_view text;                  // "greater than 0"
};

/// An option on its card.
struct GivenOption {
  CardContext& card;
  std::string_view at;        // its name as the deck spells it
  std::string_view value_at;  // where its value stands; empty: it has none
};

/// What the reference says about an option, and what its value does.
struct OptionRow {
  OptionDescription description;
  OptionRange range;
  void (*set)(Elaboration& elaboration, double value) = nullptr;
  /// Reads a word that may stand in the place of a number; false: there is none.
  bool (*read_word)(const GivenOption& option) = nullptr;
  /// What else there is to do, once the value is set.
  void (*then)(const GivenOption& option, double value) = nullptr;
};

std::span<const OptionRow> option_rows();
/// By a name or an alias, lower case; nullptr: there is none.
const OptionRow* find_option(std::string_view name);

/// Reads the value of an option and sets it. Throws Problem.
void read_option(CardContext& card, std::string_view at, const OptionRow& row);

}  // namespace memspice
