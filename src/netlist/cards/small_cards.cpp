#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/characters.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {

void refuse_stray_end(CardContext& card) {
  const std::string_view at = card.at;
  throw Problem{at, fmt::format("this {} ends nothing", at)};
}

void ignore_card(CardContext& card) {
  const std::string_view at = card.at;
  if (same_word(at, ".backanno")) card.elaboration.dialect.ltspice_at = at;
  card.reader.expect_end();
}

void read_title(CardContext& card) {
  const std::string_view at = card.at;
  const std::string_view text = card.text;
  const std::size_t begin = std::min(text.find_first_not_of(" \t", at.size()), text.size());
  card.circuit.title = text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

void read_csparam(CardContext& card) {
  card.reader.word("a parameter's name");
  card.reader.expect(Token::Kind::equals, "'='");
  card.value(CardReader::Blanks::allowed);  // only its value can be wrong
  card.reader.expect_end();
}

}  // namespace memspice
