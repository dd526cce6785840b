#include "netlist/cards/output_quantity.hpp"

#include <fmt/format.h>

#include "base/characters.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

}  // namespace

OutputQuantity output_quantity(CardContext& card, std::string_view card_name) {
  const std::string form = fmt::format("write {} v(node), v(node,node) or i(source)", card_name);
  card.reader.skip_commas();
  const std::string_view accessor = card.reader.peek().text;
  if (!card.reader.peek().is(Kind::word) || !card.reader.peek(1).is(Kind::open))
    throw Problem{accessor,
                  card.reader.at_end() ? fmt::format("{} names no output", card_name)
                                       : fmt::format("'{}' is no output", accessor),
                  form};
  OutputQuantity output;
  output.current = same_word(accessor, "i");
  if (!output.current && !same_word(accessor, "v"))
    throw Problem{accessor,
                  fmt::format("the output of {} is a voltage or a current, not '{}'", card_name, accessor),
                  form};
  card.reader.take();
  card.reader.take();
  const std::string_view first = card.reader.word(output.current ? "an element" : "a node");
  std::string_view second;
  card.reader.skip_commas();
  if (!output.current && !card.reader.peek().is(Kind::close)) second = card.reader.word("a node or ')'");
  card.reader.expect(Kind::close, "')'");
  output.text = fmt::format("{}({}{}{})", output.current ? "i" : "v", to_lower(first),
                            second.empty() ? "" : ",", to_lower(second));
  if (output.current) {
    output.element = card.elaboration.names.existing_element(first, card.scope);
  } else {
    output.plus = card.elaboration.names.existing_node(first, card.scope);
    if (!second.empty()) output.minus = card.elaboration.names.existing_node(second, card.scope);
  }
  return output;
}

std::uint32_t independent_source(CardContext& card, std::string_view card_name) {
  card.reader.skip_commas();
  const std::string_view at = card.reader.peek().text;
  const std::uint32_t element =
      card.elaboration.names.existing_element(card.reader.word("a source"), card.scope);
  for (const auto* sources : {&card.circuit.voltage_sources, &card.circuit.current_sources})
    for (const Source& source : *sources)
      if (source.name == element) return element;
  throw Problem{at, fmt::format("'{}' is no independent source", at),
                fmt::format("the input of {} is a voltage or current source (V or I)", card_name)};
}

}  // namespace memspice
