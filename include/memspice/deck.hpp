#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "memspice/budgets.hpp"
#include "memspice/error.hpp"

namespace memspice {

/// One logical line of a deck: an element or a dot card, its continuation lines joined. The card is a slice
/// of a source text from its first character to the end of its last continuation line; it is cut into tokens
/// only when somebody asks, so that a deck of a million lines costs its text and eight bytes a card.
struct Card {
  Location where;
  std::uint32_t length = 0;  // bytes in the source text, continuation lines and comments included
};

/// A deck as read: its texts and its cards in order, includes already followed. No meaning yet: that is the
/// circuit's.
struct Deck {
  std::shared_ptr<const SourceFiles> sources;
  std::string title;
  std::vector<Card> cards;
  std::vector<Diagnostic> warnings;
  std::string safe_folder = {};  // files that cards name must lie below it; empty: anywhere
  Budgets budgets = {};          // of reading it, and of its circuit
  double bytes = 0;              // read so far, as the budgets count
  double files = 0;

  [[nodiscard]] std::string_view text(const Card& card) const {
    return sources->text(card.where.file).substr(card.where.offset, card.length);
  }
};

struct ParseOptions {
  bool safe = false;  // refuse to include files outside the deck's folder, and keep to the budgets of that
  Budgets budgets = {};
};

/// Reads a deck from a file (`-` is standard input) or from memory. `name` is what messages call it.
/// Throws FileError when the top file cannot be read, DeckError for everything wrong inside the deck.
Deck parse_file(const std::string& path, const ParseOptions& options = {});
Deck parse_text(std::string text, std::string name = "deck", const ParseOptions& options = {});

}  // namespace memspice
