#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "expression/aggregate.hpp"
#include "expression/output_functions.hpp"
#include "netlist/cards/vectors.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

constexpr std::string_view option_hint =
    "its options are format=, file=, index=, precision=, width= and delimiter=";

void print_number_option(CardContext& card, PrintCard& print, std::string_view at, const std::string& name) {
  const std::string_view value_at = card.reader.peek().text;
  if (name != "index" && name != "width" && name != "precision")
    throw Problem{at, fmt::format("a table has no option '{}'", at),
                  card.reader.peek().is(Kind::expression)
                      ? fmt::format("a column with a name of its own is written {}=par('{}')", at, value_at)
                      : std::string(option_hint)};
  const double number = card.value(CardReader::Blanks::end_it);
  if (name == "index") {
    print.layout.index = number != 0;
    return;
  }
  const double most = name == "width" ? 1000 : 17;
  if (!(number >= 0 && number <= most && number == std::floor(number)))
    throw Problem{value_at,
                  fmt::format("{} must be a whole number from 0 to {}, not {:g}", name, most, number)};
  if (name == "width") {
    print.layout.width = static_cast<std::size_t>(number);
  } else {
    print.layout.precision = static_cast<unsigned>(number);
  }
}

/// Whether the card asks for a file that -o writes.
bool print_format(CardContext& card, PrintCard& print) {
  const std::string_view at = card.reader.word("a format");
  const std::string format = to_lower(at);
  if (format == "csv") {
    print.layout.format = PrintCard::Layout::Format::csv;
  } else if (format == "std") {
    print.layout.index = true;
  } else if (format == "gnuplot") {
    print.layout.gap = 2;
  } else if (format == "splot") {
    print.layout.gap = 1;
  } else if (format == "raw" || format == "probe" || format == "tecplot") {
    card.messages.warning({at, fmt::format("format={} writes no file here", at),
                           "the waveforms go where -o says: memspice deck.cir -o out.raw"});
    return true;
  } else if (format != "noindex") {
    throw Problem{at, fmt::format("'{}' is not a format of a table", at),
                  "it may be csv, std, noindex, gnuplot or splot"};
  }
  return false;
}

bool print_option(CardContext& card, PrintCard& print) {
  const std::string_view at = card.reader.word("an option");
  const std::string name = to_lower(at);
  card.reader.expect(Kind::equals, "'='");
  const std::string_view value_at = card.reader.peek().text;
  if (name == "format") return print_format(card, print);
  if (name == "file") {
    if (!card.reader.accept(Kind::string)) card.reader.word("a file's name");
    if (value_at.empty()) throw Problem{value_at, "file= is empty", "give the table's file: file=out.txt"};
    print.file = value_at;
  } else if (name == "delimiter") {
    if (!card.reader.accept(Kind::string)) card.reader.word("a delimiter");
    const std::string word = to_lower(value_at);
    print.layout.delimiter =
        word == "tab"     ? '\t'
        : word == "comma" ? ','
        : word.size() == 1
            ? word.front()
            : throw Problem{value_at, fmt::format("'{}' does not delimit columns", word),
                            "write delimiter=tab, delimiter=comma or one character, delimiter=\";\""};
  } else if (name == "filter" || name == "timescalefactor") {
    card.value(CardReader::Blanks::end_it);
    card.messages.warning(
        {at, fmt::format("{}= has no effect: tables show the numbers of the waveform file", name),
         "show an expression: {time*1e6}"});
  } else {
    print_number_option(card, print, at, name);
  }
  return false;
}

/// An aggregate is a vector, as what it is made of is, unless the column has a name of its own. All bins of a
/// hist are a column each, which cannot have one.
bool is_vector(const VectorExpression& expression, bool named) {
  if (expression.nodes.size() != 1) return false;
  const std::optional<Aggregate> aggregate = read_aggregate(expression.nodes.front().name);
  return aggregate && (!named || aggregate->width() > 1);
}

void print_item(CardContext& card, PrintCard& print) {
  PrintCard::Item item;
  item.where = card.location(card.reader.peek().text);
  const bool named = at_named_expression(card.reader);
  if (!named && at_vector_pattern(card.reader)) {
    item.pattern = vector_pattern(card.reader);
  } else {
    item.expression = named_expression(card);
    if (is_vector(item.expression, named))
      item.pattern = std::exchange(item.expression, {}).nodes.front().name;
  }
  print.items.push_back(std::move(item));
}

}  // namespace

void read_print(CardContext& card) {
  const std::string_view at = card.at;
  PrintCard print;
  print.where = card.where;
  const std::string_view first = card.reader.peek().text;
  if (card.reader.peek().is(Kind::word) &&
      !(card.reader.peek(1).is(Kind::open) &&
        card.reader.peek().text.end() == card.reader.peek(1).text.begin())) {
    print.analysis = card.elaboration.cards.find_analysis(card.reader.peek().text);
    if (print.analysis) card.reader.take();
  }
  bool elsewhere = false;
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    if (card.reader.at_assignment() && !at_named_expression(card.reader)) {
      elsewhere |= print_option(card, print);
      continue;
    }
    print_item(card, print);
    if (same_word(at, ".plot") && card.reader.accept(Kind::open))  // limits of the drawing
      while (!card.reader.accept(Kind::close)) card.reader.take();
  }
  if (print.items.empty() && print.analysis && same_word(first, "sens"))  // Xyce's
    print.items.push_back({.pattern = "all", .expression = {}, .where = print.where});
  if (print.items.empty()) throw Problem{card.reader.peek().text, "this card names no vector"};
  if (!elsewhere) {
    card.circuit.outputs.prints.push_back(std::move(print));
    return;
  }
  for (const PrintCard::Item& item : print.items)
    if (!item.pattern.empty()) card.circuit.outputs.saves.push_back({item.pattern, item.where});
}

}  // namespace memspice
