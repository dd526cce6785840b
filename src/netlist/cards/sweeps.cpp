#include "netlist/cards/sweeps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "netlist/cards/data_tables.hpp"
#include "netlist/cards/sweep_targets.hpp"
#include "netlist/elaboration/number_file.hpp"
#include "netlist/elaboration/parameters.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

/// data=name: of a parameter that is the number of the row, and of the table's beside it.
Sweep table_sweep(CardContext& card) {
  const std::string_view name = *accept_data(card.reader);
  const DataTable table = data_table(card.elaboration, name);
  Sweep sweep;
  sweep.target = Sweep::Target::parameter;
  sweep.name = to_lower(name);
  sweep.where = card.location(name);
  const Body& top = card.elaboration.top;
  if (const auto known = top.parameter_numbers.find(sweep.name);
      known != top.parameter_numbers.end() && top.parameters[known->second].at.data() != table.at.data())
    throw Problem{name, fmt::format("'{}' is a parameter as well as a table", name),
                  "give one of them another name"};
  for (std::size_t row = 1; row <= table.rows(); ++row) sweep.values.push_back(static_cast<double>(row));
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    Sweep::Column& column = sweep.columns.emplace_back();
    column.parameter = to_lower(table.columns[i]);
    for (std::size_t at = i; at < table.values.size(); at += table.columns.size())
      column.values.push_back(table.values[at]);
  }
  spend(card.elaboration, Resource::points, static_cast<double>(table.rows()), name);
  return sweep;
}

}  // namespace

std::optional<Spacing> accept_spacing(CardReader& reader) {
  if (!reader.peek().is(Kind::word)) return std::nullopt;
  const std::optional<Spacing> spacing = spacing_of(reader.peek().text);
  if (spacing) reader.take();
  if (spacing == Spacing::list) reader.accept(Kind::equals);  // list=1k 2k
  return spacing;
}

bool at_swept_file(const CardReader& reader) {
  return reader.at_assignment() && same_word(reader.peek().text, "file");
}

std::vector<double> swept_file(CardContext& card) {
  card.reader.take();  // file
  card.reader.take();  // =
  const std::string_view at = card.reader.peek().text;
  std::vector<double> values;
  for (const FileNumbers::Entry& entry : file_numbers(card, "the values of the sweep").numbers)
    values.push_back(entry.value);
  if (values.empty()) throw Problem{at, fmt::format("the file '{}' has no value", at)};
  return values;
}

Sweep sweep(CardContext& card, std::string_view card_name) {
  const std::string form = fmt::format(
      "write {0} name first last step, {0} dec name first last number, "
      "or {0} name list value value …",
      card_name);
  card.reader.skip_commas();
  std::optional<Spacing> spacing = accept_spacing(card.reader);
  if (card.reader.at_end())
    throw Problem{card.reader.peek().text, fmt::format("{} names nothing to sweep", card_name), form};
  if (card.reader.at_assignment() && same_word(card.reader.peek().text, "data")) return table_sweep(card);
  Sweep sweep;
  const std::string_view at = card.reader.peek().text;
  sweep.where = card.location(at);
  const SweptParameter swept = sweep_target(card, sweep);
  if (!spacing) spacing = accept_spacing(card.reader);
  std::string_view values_at = card.reader.peek().text;
  if (at_swept_file(card.reader)) {
    sweep.values = swept_file(card);
  } else if (spacing == Spacing::list) {
    for (card.reader.skip_commas(); at_value(card.reader); card.reader.skip_commas())
      sweep.values.push_back(card.value(CardReader::Blanks::end_it));
    if (sweep.values.empty()) throw Problem{card.reader.peek().text, "the list has no value", form};
  } else {
    SpacedValues given;
    for (std::size_t i = 0; i < 3; ++i) {
      card.reader.skip_commas();
      given.at[i] = card.reader.peek().text;
      if (card.reader.at_end())
        throw Problem{given.at[i], fmt::format("the sweep of '{}' needs 3 values", sweep.label()), form};
      given.value[i] = card.value(CardReader::Blanks::end_it);
    }
    sweep.values = spaced_values(spacing.value_or(Spacing::linear), given);
  }
  check_swept_values(sweep, swept, values_at);
  spend(card.elaboration, Resource::points, static_cast<double>(sweep.values.size()), at);
  return sweep;
}

void check_combinations(CardContext& card, const std::vector<Sweep>& sweeps) {
  constexpr double most = 1e7;
  double count = 1;
  for (const Sweep& sweep : sweeps) count *= static_cast<double>(sweep.values.size());
  const Location where = sweeps.back().where;
  const std::string_view text = card.deck.sources->text(where.file).substr(where.offset);
  if (count > card.circuit.options.budgets.limit(Resource::points))
    refuse_more(card.elaboration, Resource::points, text);
  if (count <= most) return;
  throw Problem{text.substr(0, text.find_first_of(" \t\r\n")),
                fmt::format("these are {:.3g} combinations of values, more than {:g}", count, most),
                "take larger steps"};
}

}  // namespace memspice
