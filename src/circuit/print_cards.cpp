#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "circuit/analysis_words.hpp"
#include "circuit/elaborator.hpp"
#include "circuit/output_functions.hpp"
#include "circuit/spelling.hpp"
#include "deck/characters.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

constexpr std::string_view option_hint = "its options are format=, file= and index=";

bool touches(std::string_view left, std::string_view right) {
  return left.data() + left.size() == right.data();
}

/// Whether the next item is one vector or a pattern of vectors, which may be called as no expression is.
bool is_pattern(const CardReader& reader) {
  if (!reader.peek().is(Kind::word)) return false;
  if (!reader.peek(1).is(Kind::open)) return true;
  const std::string name = to_lower(reader.peek().text);
  if (name == "par" || find_accessor_part(name) || find_output_function(name)) return false;
  std::size_t n = 2;
  while (reader.peek(n).is(Kind::word) || reader.peek(n).is(Kind::comma)) ++n;
  if (!reader.peek(n).is(Kind::close)) return false;
  // v(a)-v(b): an operator without a blank before it goes on with an expression.
  const Token& behind = reader.peek(n + 1);
  return !behind.is(Kind::word) || !touches(reader.peek(n).text, behind.text) ||
         is_name_start(behind.text.front());
}

}  // namespace

bool Elaborator::at_vector_pattern() const {
  return is_pattern(reader_);
}

void Elaborator::print(const Card& card, std::string_view at, Scope& scope) {
  PrintCard print;
  print.where = card.where;
  if (reader_.peek().is(Kind::word) &&
      !(reader_.peek(1).is(Kind::open) && touches(reader_.peek().text, reader_.peek(1).text))) {
    print.analysis = find_analysis(reader_.peek().text);
    if (print.analysis) reader_.take();
  }
  bool elsewhere = false;
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
    if (reader_.at_assignment()) {
      elsewhere |= print_option(print, scope);
      continue;
    }
    print_item(print, scope);
    if (same_word(at, ".plot") && reader_.accept(Kind::open))  // limits of the drawing
      while (!reader_.accept(Kind::close)) reader_.take();
  }
  if (print.items.empty()) throw Problem{reader_.peek().text, "this card names no vector"};
  if (!elsewhere) {
    circuit_.prints.push_back(std::move(print));
    return;
  }
  for (const PrintCard::Item& item : print.items)
    if (!item.pattern.empty()) circuit_.saves.push_back({item.pattern, item.where});
}

bool Elaborator::print_option(PrintCard& print, Scope& scope) {
  const std::string_view at = reader_.word("an option");
  const std::string name = to_lower(at);
  reader_.expect(Kind::equals, "'='");
  const std::string_view value_at = reader_.peek().text;
  if (name == "file") {
    if (!reader_.accept(Kind::string)) reader_.word("a file's name");
    if (value_at.empty()) throw Problem{value_at, "file= is empty", "give the table's file: file=out.txt"};
    print.file = value_at;
    return false;
  }
  if (name == "index") {
    print.index = value(scope, CardReader::Blanks::end_it) != 0;
    return false;
  }
  if (name != "format")
    throw Problem{at, fmt::format("a table has no option '{}'", at), std::string(option_hint)};
  const std::string format = to_lower(reader_.word("a format"));
  if (format == "csv") {
    print.format = PrintCard::Format::csv;
  } else if (format == "std") {
    print.index = true;
  } else if (format == "raw" || format == "probe" || format == "tecplot") {
    messages_.warning({value_at, fmt::format("format={} writes no file here", value_at),
                       "the waveforms go where -o says: memspice deck.cir -o out.raw"});
    return true;
  } else if (format != "noindex" && format != "gnuplot" && format != "splot") {
    throw Problem{value_at, fmt::format("'{}' is not a format of a table", value_at),
                  "it may be csv, std or noindex"};
  }
  return false;
}

void Elaborator::print_item(PrintCard& print, Scope& scope) {
  PrintCard::Item item;
  item.where = location(reader_.peek().text);
  if (at_vector_pattern()) {
    item.pattern = vector_pattern();
  } else {
    item.expression = vector_expression(scope, CardReader::Blanks::end_it, nullptr);
  }
  print.items.push_back(std::move(item));
}

}  // namespace memspice
