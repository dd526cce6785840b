#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/frequencies.hpp"
#include "netlist/cards/output_quantity.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

}  // namespace

void read_ac(CardContext& card) {
  AcCard read;
  read.where = card.where;
  read.frequencies = frequencies(card, ".ac");
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(std::move(read));
}

void read_tf(CardContext& card) {
  TransferFunctionCard read;
  read.where = card.where;
  read.output = output_quantity(card, ".tf");
  read.input = independent_source(card, ".tf");
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(std::move(read));
}

void read_sens(CardContext& card) {
  SensitivityCard read;
  read.where = card.where;
  read.output = output_quantity(card, ".sens");
  if (card.reader.accept_word("ac")) read.frequencies = frequencies(card, ".sens");
  card.reader.accept_word("dc");
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(std::move(read));
}

void read_noise(CardContext& card) {
  NoiseCard read;
  read.where = card.where;
  const std::string_view at = card.reader.peek().text;
  read.output = output_quantity(card, ".noise");
  if (read.output.current)
    throw Problem{at, "the output of .noise is a voltage",
                  "write .noise v(node) source dec number first last"};
  read.input = independent_source(card, ".noise");
  read.frequencies = frequencies(card, ".noise");
  if (!card.reader.at_end()) {
    const std::string_view points_at = card.reader.peek().text;
    const double points = card.value(CardReader::Blanks::end_it);
    if (points < 0 || points != std::floor(points) || points > 1e9)
      throw Problem{points_at, fmt::format("the points a summary must be a whole number, not {:g}", points)};
    read.points_per_summary = static_cast<std::size_t>(points);
  }
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(std::move(read));
}

}  // namespace memspice
