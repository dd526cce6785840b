#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/spacing.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

}  // namespace

void Elaborator::ac(const Card& card, std::string_view, Scope& scope) {
  AcCard read;
  read.where = card.where;
  read.frequencies = frequencies(".ac", scope);
  reader_.expect_end();
  circuit_.analyses.emplace_back(std::move(read));
}

std::vector<double> Elaborator::frequencies(std::string_view card, Scope& scope) {
  if (cards_ == ElaborateOptions::Cards::no_sweeps) {
    while (!reader_.at_end()) reader_.take();
    return {1};
  }
  const std::string form = "write dec|oct|lin number first last, or list f1 f2 …";
  reader_.skip_commas();
  const std::string_view word = reader_.peek().text;
  if (reader_.peek().is(Kind::word) && same_word(word, "data") && reader_.at_assignment())
    throw Problem{word, "memspice has no .data tables", "write the frequencies behind list"};
  const std::optional<Spacing> spacing = reader_.peek().is(Kind::word) ? spacing_of(word) : std::nullopt;
  if (!spacing) {
    if (reader_.at_end()) throw Problem{word, fmt::format("{} has no frequencies", card), form};
    throw Problem{word, fmt::format("expected dec, oct, lin or list, not '{}'", word), form};
  }
  reader_.take();
  if (*spacing == Spacing::list) {
    std::vector<double> values;
    for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
      const std::string_view at = reader_.peek().text;
      values.push_back(value(scope, CardReader::Blanks::end_it));
      if (values.back() < 0)
        throw Problem{at, fmt::format("a frequency must be at least 0 Hz, not {:g}", values.back())};
    }
    if (values.empty()) throw Problem{reader_.peek().text, "the list has no frequency", form};
    std::ranges::sort(values);
    return values;
  }
  SpacedValues given;
  for (std::size_t i = 0; i < 3; ++i) {
    reader_.skip_commas();
    given.at[i] = reader_.peek().text;
    if (reader_.at_end())
      throw Problem{given.at[i], fmt::format("{} needs a number and two frequencies", word), form};
    given.value[i] = value(scope, CardReader::Blanks::end_it);
  }
  reader_.skip_commas();
  return spaced_frequencies(*spacing, given);
}

OutputQuantity Elaborator::output_quantity(std::string_view card, Scope& scope) {
  const std::string form = fmt::format("write {} v(node), v(node,node) or i(source)", card);
  reader_.skip_commas();
  const std::string_view accessor = reader_.peek().text;
  if (!reader_.peek().is(Kind::word) || !reader_.peek(1).is(Kind::open))
    throw Problem{accessor,
                  reader_.at_end() ? fmt::format("{} names no output", card)
                                   : fmt::format("'{}' is no output", accessor),
                  form};
  OutputQuantity output;
  output.current = same_word(accessor, "i");
  if (!output.current && !same_word(accessor, "v"))
    throw Problem{accessor,
                  fmt::format("the output of {} is a voltage or a current, not '{}'", card, accessor), form};
  reader_.take();
  reader_.take();
  const std::string_view first = reader_.word(output.current ? "an element" : "a node");
  std::string_view second;
  reader_.skip_commas();
  if (!output.current && !reader_.peek().is(Kind::close)) second = reader_.word("a node or ')'");
  reader_.expect(Kind::close, "')'");
  output.text = fmt::format("{}({}{}{})", output.current ? "i" : "v", to_lower(first),
                            second.empty() ? "" : ",", to_lower(second));
  if (output.current) {
    output.element = existing_element(first, scope);
  } else {
    output.plus = existing_node(first, scope);
    if (!second.empty()) output.minus = existing_node(second, scope);
  }
  return output;
}

std::uint32_t Elaborator::independent_source(std::string_view card, Scope& scope) {
  reader_.skip_commas();
  const std::string_view at = reader_.peek().text;
  const std::uint32_t element = existing_element(reader_.word("a source"), scope);
  for (const auto* sources : {&circuit_.voltage_sources, &circuit_.current_sources})
    for (const Source& source : *sources)
      if (source.name == element) return element;
  throw Problem{at, fmt::format("'{}' is no independent source", at),
                fmt::format("the input of {} is a voltage or current source (V or I)", card)};
}

void Elaborator::transfer_function(const Card& card, std::string_view, Scope& scope) {
  TransferFunctionCard read;
  read.where = card.where;
  read.output = output_quantity(".tf", scope);
  read.input = independent_source(".tf", scope);
  reader_.expect_end();
  circuit_.analyses.emplace_back(std::move(read));
}

void Elaborator::sensitivity(const Card& card, std::string_view, Scope& scope) {
  SensitivityCard read;
  read.where = card.where;
  read.output = output_quantity(".sens", scope);
  if (reader_.accept_word("ac")) read.frequencies = frequencies(".sens", scope);
  reader_.accept_word("dc");
  reader_.expect_end();
  circuit_.analyses.emplace_back(std::move(read));
}

void Elaborator::noise(const Card& card, std::string_view, Scope& scope) {
  NoiseCard read;
  read.where = card.where;
  const std::string_view at = reader_.peek().text;
  read.output = output_quantity(".noise", scope);
  if (read.output.current)
    throw Problem{at, "the output of .noise is a voltage",
                  "write .noise v(node) source dec number first last"};
  read.input = independent_source(".noise", scope);
  read.frequencies = frequencies(".noise", scope);
  if (!reader_.at_end()) {
    const std::string_view points_at = reader_.peek().text;
    const double points = value(scope, CardReader::Blanks::end_it);
    if (points < 0 || points != std::floor(points) || points > 1e9)
      throw Problem{points_at, fmt::format("the points a summary must be a whole number, not {:g}", points)};
    read.points_per_summary = static_cast<std::size_t>(points);
  }
  reader_.expect_end();
  circuit_.analyses.emplace_back(std::move(read));
}

}  // namespace memspice
