#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "circuit/analysis_words.hpp"
#include "expression/output_functions.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

constexpr std::string_view option_hint =
    "its options are format=, file=, index=, precision=, width= and delimiter=";

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
    if (reader_.at_assignment() && !at_named_expression()) {
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
  if (name == "format") return print_format(print);
  if (name == "file") {
    if (!reader_.accept(Kind::string)) reader_.word("a file's name");
    if (value_at.empty()) throw Problem{value_at, "file= is empty", "give the table's file: file=out.txt"};
    print.file = value_at;
  } else if (name == "delimiter") {
    if (!reader_.accept(Kind::string)) reader_.word("a delimiter");
    const std::string word = to_lower(value_at);
    print.layout.delimiter =
        word == "tab"     ? '\t'
        : word == "comma" ? ','
        : word.size() == 1
            ? word.front()
            : throw Problem{value_at, fmt::format("'{}' does not delimit columns", word),
                            "write delimiter=tab, delimiter=comma or one character, delimiter=\";\""};
  } else if (name == "filter" || name == "timescalefactor") {
    value(scope, CardReader::Blanks::end_it);
    messages_.warning({at,
                       fmt::format("{}= has no effect: tables show the numbers of the waveform file", name),
                       "show an expression: {time*1e6}"});
  } else {
    print_number_option(print, at, name, scope);
  }
  return false;
}

void Elaborator::print_number_option(PrintCard& print, std::string_view at, const std::string& name,
                                     Scope& scope) {
  if (name != "index" && name != "width" && name != "precision")
    throw Problem{at, fmt::format("a table has no option '{}'", at), std::string(option_hint)};
  const std::string_view value_at = reader_.peek().text;
  const double number = value(scope, CardReader::Blanks::end_it);
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
bool Elaborator::print_format(PrintCard& print) {
  const std::string_view at = reader_.word("a format");
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
    messages_.warning({at, fmt::format("format={} writes no file here", at),
                       "the waveforms go where -o says: memspice deck.cir -o out.raw"});
    return true;
  } else if (format != "noindex") {
    throw Problem{at, fmt::format("'{}' is not a format of a table", at),
                  "it may be csv, std, noindex, gnuplot or splot"};
  }
  return false;
}

bool Elaborator::at_named_expression() const {
  return reader_.at_assignment() && same_word(reader_.peek(2).text, "par") && reader_.peek(3).is(Kind::open);
}

VectorExpression Elaborator::named_expression(Scope& scope) {
  if (!at_named_expression()) return vector_expression(scope, CardReader::Blanks::end_it, nullptr);
  std::string name = to_lower(reader_.take().text);
  reader_.take();
  VectorExpression expression = vector_expression(scope, CardReader::Blanks::end_it, nullptr);
  expression.text = std::move(name);
  return expression;
}

void Elaborator::print_item(PrintCard& print, Scope& scope) {
  PrintCard::Item item;
  item.where = location(reader_.peek().text);
  if (!at_named_expression() && at_vector_pattern()) {
    item.pattern = vector_pattern();
  } else {
    item.expression = named_expression(scope);
  }
  print.items.push_back(std::move(item));
}

}  // namespace memspice
