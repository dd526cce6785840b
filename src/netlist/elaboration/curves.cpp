#include "netlist/elaboration/curves.hpp"

#include <fmt/format.h>

#include "base/problem.hpp"
#include "netlist/elaboration/number_file.hpp"

namespace memspice {

double read_curve(CardContext& card) {
  using Kind = Token::Kind;
  constexpr std::string_view holds = "pairs of x and f(x), x ascending";
  const std::string_view at = card.reader.peek().text;
  FileNumbers points;
  const bool written = card.reader.accept(Kind::open);
  if (written) {
    for (card.reader.skip_commas(); !card.reader.peek().is(Kind::close); card.reader.skip_commas())
      points.numbers.push_back({.value = card.value(CardReader::Blanks::end_it)});
    card.reader.expect(Kind::close, "')'");
  } else {
    points = file_numbers(card, holds);
  }
  const auto fail = [&](std::size_t line, const std::string& what) {
    if (written) throw Problem{at, what, fmt::format("the parentheses hold {}", holds)};
    fail_in_file(at, points, line, what, holds);
  };
  if (points.numbers.empty()) fail(points.lines, "there are no points");
  if (points.numbers.size() % 2 != 0) fail(points.numbers.back().line, "the last x has no f(x)");
  std::vector<double> x, y;
  for (std::size_t i = 0; i < points.numbers.size(); i += 2) {
    const FileNumbers::Entry& entry = points.numbers[i];
    if (!x.empty() && !(entry.value > x.back()))
      fail(entry.line, fmt::format("x = {:g} is not above {:g}", entry.value, x.back()));
    x.push_back(entry.value);
    y.push_back(points.numbers[i + 1].value);
  }
  card.circuit.records.curves.emplace_back(std::move(x), std::move(y));
  return static_cast<double>(card.circuit.records.curves.size() - 1);
}

}  // namespace memspice
