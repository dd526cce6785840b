#include "netlist/cards/frequencies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "netlist/cards/spacing.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

}  // namespace

std::vector<double> frequencies(CardContext& card, std::string_view card_name) {
  const std::string form = "write dec|oct|lin number first last, or list f1 f2 …";
  card.reader.skip_commas();
  const std::string_view word = card.reader.peek().text;
  if (card.reader.peek().is(Kind::word) && same_word(word, "data") && card.reader.at_assignment())
    throw Problem{word, "a .data table gives parameters, not the frequencies",
                  "write the frequencies behind list"};
  const std::optional<Spacing> spacing = card.reader.peek().is(Kind::word) ? spacing_of(word) : std::nullopt;
  if (!spacing) {
    if (card.reader.at_end()) throw Problem{word, fmt::format("{} has no frequencies", card_name), form};
    throw Problem{word, fmt::format("expected dec, oct, lin or list, not '{}'", word), form};
  }
  card.reader.take();
  if (*spacing == Spacing::list) {
    std::vector<double> values;
    for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
      const std::string_view at = card.reader.peek().text;
      if (same_word(at, "sweep")) break;
      values.push_back(card.value(CardReader::Blanks::end_it));
      if (values.back() < 0)
        throw Problem{at, fmt::format("a frequency must be at least 0 Hz, not {:g}", values.back())};
    }
    if (values.empty()) throw Problem{card.reader.peek().text, "the list has no frequency", form};
    std::ranges::sort(values);
    spend(card.elaboration, Resource::points, static_cast<double>(values.size()), word);
    return values;
  }
  SpacedValues given;
  for (std::size_t i = 0; i < 3; ++i) {
    card.reader.skip_commas();
    given.at[i] = card.reader.peek().text;
    if (card.reader.at_end())
      throw Problem{given.at[i], fmt::format("{} needs a number and two frequencies", word), form};
    given.value[i] = card.value(CardReader::Blanks::end_it);
  }
  card.reader.skip_commas();
  std::vector<double> values = spaced_frequencies(*spacing, given);
  spend(card.elaboration, Resource::points, static_cast<double>(values.size()), word);
  return values;
}

}  // namespace memspice
