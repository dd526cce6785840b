#include <fmt/format.h>

#include "base/characters.hpp"
#include "netlist/cards/vectors.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

/// `V(alias(*))`, as OrCAD Capture writes it: what has a name in the schematic, which here is all, or one.
bool accept_aliases(CardContext& card) {
  const CardReader& reader = card.reader;
  const auto is_word = [&](std::size_t ahead, std::string_view word) {
    return reader.peek(ahead).is(Kind::word) && same_word(reader.peek(ahead).text, word);
  };
  if (!reader.peek(1).is(Kind::open) || !is_word(2, "alias") || !reader.peek(3).is(Kind::open) ||
      !reader.peek(4).is(Kind::word))
    return false;
  const Location where = card.location(reader.peek().text);
  const std::string kind = to_lower(card.reader.take().text);
  for (int i = 0; i < 3; ++i) card.reader.take();
  const std::string name = to_lower(card.reader.take().text);
  while (card.reader.accept(Kind::close)) {
  }
  const char* const ours = kind == "v" ? "v" : kind == "i" ? "i" : kind == "w" ? "p" : nullptr;
  if (ours)  // others are digital, or noise
    card.circuit.outputs.saves.push_back({fmt::format("{}({})", ours, name), where});
  return true;
}

}  // namespace

void read_save(CardContext& card) {
  const std::string_view at = card.at;
  const bool is_probe = to_lower(at).starts_with(".probe");
  const std::size_t before = card.circuit.outputs.saves.size();
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    if (card.reader.peek().is(Kind::expression) || at_named_expression(card.reader) ||
        (card.reader.peek(1).is(Kind::open) && same_word(card.reader.peek().text, "par")))
      throw Problem{card.reader.peek().text, "a waveform file holds vectors, not expressions",
                    "show it with .print"};
    if (card.reader.at_assignment())
      throw Problem{card.reader.peek().text,
                    fmt::format("{} has no option '{}'", at, card.reader.peek().text)};
    if (is_probe && card.reader.accept_word("alli")) {
      for (const char* pattern : {"all", "i(*)"}) card.circuit.outputs.saves.push_back({pattern, card.where});
      continue;
    }
    if (accept_aliases(card)) continue;
    const std::string_view word = card.reader.peek().text;
    RequestedVectors requested = requested_vectors(card);
    for (SaveRequest& request : requested.vectors) {
      if (requested.of_expression)
        card.messages.warning(
            {word, fmt::format("a waveform file holds no expressions: '{}' is kept", request.pattern),
             ".print and .measure take expressions"});
      card.circuit.outputs.saves.push_back(std::move(request));
    }
  }
  if (card.circuit.outputs.saves.size() == before) {  // .probe alone asks for everything
    if (!is_probe) throw Problem{card.reader.peek().text, "this card names no vector"};
    card.circuit.outputs.saves.push_back({"all", card.where});
  }
}

}  // namespace memspice
