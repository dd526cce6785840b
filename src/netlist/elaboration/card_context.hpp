#pragma once

#include <string_view>

#include "netlist/elaboration/elaboration.hpp"

namespace memspice {

/// A card that is being read, and what its reader may need. The reader stands behind the name of a dot card,
/// at the name of an element.
struct CardContext {
  CardContext(Elaboration& of, const Card& read, Scope& in, std::string_view name)
      : elaboration(of),
        circuit(of.circuit),
        messages(of.messages),
        deck(of.deck),
        reader(of.reader),
        scope(in),
        card(read),
        where(read.where),
        text(of.deck.text(read)),
        at(name) {}

  /// Reads a value. Throws Problem.
  double value(CardReader::Blanks blanks) { return elaboration.value(scope, blanks); }
  /// Reads the value of an `m=`: as many elements side by side. Throws Problem unless it is greater than 0.
  double multiplier();
  NodeId node(std::string_view name) { return elaboration.names.node(name, scope); }
  std::string_view full_name(std::string_view name, std::string_view before = {}) {
    return elaboration.names.full(scope, name, before);
  }
  /// The number of the name of an element called so in this scope. Throws Problem when there is one already.
  std::uint32_t new_element(std::string_view name, std::string_view before = {}) {
    return elaboration.names.new_element(full_name(name, before), name);
  }
  [[nodiscard]] Location location(std::string_view view) const { return locate(*deck.sources, view); }
  [[nodiscard]] std::string line_of(Location place) const { return memspice::line_of(*deck.sources, place); }

  /// Runs the work on one `name = value` of the card; after a mistake the card goes on with the next one.
  /// False when there was a mistake.
  template <class Action>
  bool attempt_assignment(Action action) {
    try {
      action();
      return true;
    } catch (const Problem& problem) {
      messages.error(problem);
      reader.skip_to_assignment();
      return false;
    }
  }

  Elaboration& elaboration;
  Circuit& circuit;
  Messages& messages;
  const Deck& deck;
  CardReader& reader;
  Scope& scope;  // of the instance whose body the card stands in
  const Card& card;
  Location where;
  std::string_view text;
  std::string_view at;  // its name as the deck spells it
  char letter = 0;      // of an element: lower case
};

}  // namespace memspice
