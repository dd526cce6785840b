#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuit/elaborator.hpp"
#include "circuit/spacing.hpp"
#include "deck/characters.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

}  // namespace

void Elaborator::dc(const Card& card, std::string_view, Scope& scope) {
  DcCard read;
  read.where = card.where;
  do {
    read.sweeps.push_back(sweep(".dc", scope));
    reader_.skip_commas();
  } while (!reader_.at_end());
  check_combinations(read.sweeps);
  circuit_.analyses.emplace_back(std::move(read));
}

std::optional<Spacing> Elaborator::accept_spacing() {
  if (!reader_.peek().is(Kind::word)) return std::nullopt;
  const std::optional<Spacing> spacing = spacing_of(reader_.peek().text);
  if (spacing) reader_.take();
  return spacing;
}

Sweep Elaborator::sweep(std::string_view card, Scope& scope) {
  const std::string form = fmt::format(
      "write {0} name first last step, {0} dec name first last number, "
      "or {0} name list value value …",
      card);
  reader_.skip_commas();
  std::optional<Spacing> spacing = accept_spacing();
  if (reader_.at_end())
    throw Problem{reader_.peek().text, fmt::format("{} names nothing to sweep", card), form};
  if (reader_.peek().is(Kind::word) && reader_.at_assignment() && same_word(reader_.peek().text, "data"))
    throw Problem{reader_.peek().text, "memspice has no .data tables", "write the values behind list"};
  Sweep sweep;
  const std::string_view at = reader_.peek().text;
  sweep.where = location(at);
  const SweptParameter swept = sweep_target(sweep, scope);
  if (cards_ == ElaborateOptions::Cards::no_sweeps) {
    sweep.values = {0};
    while (!reader_.at_end()) reader_.take();
    return sweep;
  }
  if (!spacing) spacing = accept_spacing();
  std::string_view values_at = reader_.peek().text;
  if (reader_.at_assignment() && same_word(values_at, "file"))
    throw Problem{values_at, "memspice reads no file of swept values", "write the values behind list"};
  if (spacing == Spacing::list) {
    for (reader_.skip_commas(); at_value(); reader_.skip_commas())
      sweep.values.push_back(value(scope, CardReader::Blanks::end_it));
    if (sweep.values.empty()) throw Problem{reader_.peek().text, "the list has no value", form};
  } else {
    SpacedValues given;
    for (std::size_t i = 0; i < 3; ++i) {
      reader_.skip_commas();
      given.at[i] = reader_.peek().text;
      if (reader_.at_end())
        throw Problem{given.at[i], fmt::format("the sweep of '{}' needs 3 values", at), form};
      given.value[i] = value(scope, CardReader::Blanks::end_it);
    }
    sweep.values = spaced_values(spacing.value_or(Spacing::linear), given);
  }
  check_swept_values(sweep, swept, values_at);
  return sweep;
}

void Elaborator::check_combinations(const std::vector<Sweep>& sweeps) {
  constexpr double most = 1e7;
  double count = 1;
  for (const Sweep& sweep : sweeps) count *= static_cast<double>(sweep.values.size());
  if (count <= most) return;
  const Location where = sweeps.back().where;
  const std::string_view text = deck_.sources->text(where.file).substr(where.offset);
  throw Problem{text.substr(0, text.find_first_of(" \t\r\n")),
                fmt::format("these are {:.3g} combinations of values, more than {:g}", count, most),
                "take larger steps"};
}

}  // namespace memspice
