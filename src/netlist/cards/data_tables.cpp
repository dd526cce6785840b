#include "netlist/cards/data_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/lines.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/sweeps.hpp"

namespace memspice {

namespace {

using Kind = Token::Kind;

constexpr std::string_view data_form = "its form is .data name parameter … value … .enddata";

/// A number, with a sign or without.
double plain_value(CardReader& reader) {
  const std::string_view at = reader.peek().text;
  const Expression value = reader.expression(CardReader::Blanks::end_it);
  const Expression::Node& last = value.nodes.back();
  if (value.nodes.size() == 1 && last.kind == Expression::Kind::number) return last.number;
  if (value.nodes.size() == 2 && last.kind == Expression::Kind::negate &&
      value.nodes.front().kind == Expression::Kind::number)
    return -value.nodes.front().number;
  throw Problem{at, fmt::format("a table holds numbers, not '{}'", at), std::string(data_form)};
}

/// The table's card and, up to .enddata, the lines behind it.
DataTable read_data_table(const Deck& deck, CardReader& reader, std::size_t index) {
  reader.start(deck.text(deck.cards[index]));
  const std::string_view card = reader.take().text;
  DataTable table;
  table.at = reader.word("the table's name");
  for (reader.skip_commas(); reader.peek().is(Kind::word) && is_name_start(reader.peek().text.front());
       reader.skip_commas()) {
    if (reader.at_assignment() || same_word(reader.peek().text, "mer") ||
        same_word(reader.peek().text, "lam"))
      throw Problem{reader.peek().text, "memspice reads no files of tables", std::string(data_form)};
    table.columns.push_back(reader.take().text);
  }
  if (table.columns.empty())
    throw Problem{reader.peek().text, "this table names no parameter", std::string(data_form)};
  for (std::size_t next = index + 1;; ++next) {
    for (reader.skip_commas(); !reader.at_end(); reader.skip_commas())
      table.values.push_back(plain_value(reader));
    if (next == deck.cards.size()) throw Problem{card, "this .data has no .enddata", "add .enddata"};
    const std::string_view text = deck.text(deck.cards[next]);
    if (same_word(first_word(text), ".enddata")) break;
    reader.start(text);
  }
  if (table.values.empty() || table.values.size() % table.columns.size() != 0)
    throw Problem{table.at,
                  fmt::format("{} values are no rows of {}", table.values.size(), table.columns.size()),
                  std::string(data_form)};
  return table;
}

ParameterDefinition constant_parameter(std::string_view at, double value) {
  return {at, {{{Expression::Kind::number, at, value, {}, {}}}, at}, false};
}

}  // namespace

std::optional<std::string_view> accept_data(CardReader& reader) {
  if (!reader.at_assignment() || !same_word(reader.peek().text, "data")) return {};
  reader.take();
  reader.take();
  return reader.word("a table's name");
}

DataTable data_table(Elaboration& elaboration, std::string_view name) {
  std::vector<std::string_view> names;
  for (const std::size_t index : elaboration.top.commands) {
    const std::string_view text = elaboration.deck.text(elaboration.deck.cards[index]);
    if (!same_word(first_word(text), ".data")) continue;
    CardReader reader;
    reader.start(text);
    reader.take();
    names.push_back(reader.peek().text);
    if (same_word(names.back(), name)) return read_data_table(elaboration.deck, reader, index);
  }
  throw Problem{name, fmt::format("the deck has no .data '{}'", name), did_you_mean(to_lower(name), names)};
}

void append_data_parameters(Elaboration& elaboration, std::vector<ParameterDefinition>& parameters) {
  for (const std::size_t index : elaboration.top.commands) {
    const std::string_view text = elaboration.deck.text(elaboration.deck.cards[index]);
    const std::string_view card = first_word(text);
    static constexpr std::string_view repeating[] = {".step", ".tran", ".ac", ".dc"};
    if (std::ranges::none_of(repeating, [&](std::string_view name) { return same_word(card, name); }))
      continue;
    try {
      CardReader reader;
      for (reader.start(text); !reader.at_end(); reader.take())
        if (const auto name = accept_data(reader)) {
          const DataTable table = data_table(elaboration, *name);
          parameters.push_back(constant_parameter(table.at, 1));
          for (std::size_t i = 0; i < table.columns.size(); ++i)
            parameters.push_back(constant_parameter(table.columns[i], table.values[i]));
          break;
        }
    } catch (const Problem&) {  // reported when the card is read
    }
  }
}

void read_sweep_behind(CardContext& card) {
  card.reader.skip_commas();
  const std::string_view at = card.reader.peek().text;
  if (!card.reader.accept_word("sweep")) return;
  if (!(card.reader.at_assignment() && same_word(card.reader.peek().text, "data")))
    throw Problem{card.reader.peek().text, "behind 'sweep' memspice reads data=name only",
                  "write .step, which repeats the analyses"};
  if (card.elaboration.options.cards != ElaborateOptions::Cards::all) {
    accept_data(card.reader);
    return;
  }
  read_step(card);
  if (card.elaboration.outputs.analyses.size() > 1)
    card.messages.warning({at, "all analyses are repeated for the rows of the table, not this one alone"});
}

void read_data(CardContext& card) {
  const std::string_view name = card.reader.word("the table's name");
  const DataTable table = data_table(card.elaboration, name);
  if (table.at.data() != name.data())
    throw Problem{name, fmt::format("there are two tables '{}'", name), "give one of them another name"};
  while (!card.reader.at_end()) card.reader.take();
}

}  // namespace memspice
