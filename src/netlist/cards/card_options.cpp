#include "netlist/cards/card_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/characters.hpp"

namespace memspice {
namespace {

constexpr std::array<std::string_view, 3> point_words{"op", "fixed", "end"};  // in the order of StatePoint

}  // namespace

bool card_option(CardContext& card, std::string_view card_name, std::span<const std::string_view> names,
                 std::string_view& name) {
  card.reader.skip_commas();
  if (card.reader.at_end()) return false;
  const std::string_view word = card.reader.word("an option");
  const auto found = std::ranges::find_if(names, [&](std::string_view n) { return same_word(word, n); });
  if (found == names.end())
    throw Problem{word, fmt::format("{} has no option '{}'", card_name, word),
                  names.size() == 1 ? fmt::format("its only option is {}=", names[0])
                                    : fmt::format("its options are {}=", fmt::join(names, "= and "))};
  name = *found;
  card.reader.expect(Token::Kind::equals, fmt::format("'=' behind '{}'", word));
  return true;
}

double tolerance(CardContext& card) {
  const std::string_view at = card.reader.peek().text;
  const double given = card.value(CardReader::Blanks::allowed);
  if (given <= 0) throw Problem{at, fmt::format("tol must be greater than 0, not {:g}", given)};
  return given;
}

StatePoint state_point(CardContext& card, std::string_view option, std::span<const std::string_view> words) {
  const std::string_view word = card.reader.word(fmt::format("one of {}", fmt::join(words, ", ")));
  const auto found = std::ranges::find_if(words, [&](std::string_view n) { return same_word(word, n); });
  if (found == words.end())
    throw Problem{word, fmt::format("'{}' is not a value of {}=", word, option),
                  fmt::format("it may be {}", fmt::join(words, " or "))};
  return static_cast<StatePoint>(std::ranges::find(point_words, *found) - point_words.begin());
}

}  // namespace memspice
