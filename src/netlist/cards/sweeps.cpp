#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "netlist/cards/spacing.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

}  // namespace

void Elaborator::dc(const Card& card, std::string_view, Scope& scope) {
  DcCard read;
  read.where = card.where;
  do {
    reader_.skip_commas();
    const std::string_view at = reader_.peek().text;
    Sweep added = sweep(".dc", scope);
    for (const Sweep& known : read.sweeps)
      if (known.target == added.target && known.label() == added.label())
        throw Problem{at, fmt::format("'{}' is swept twice", added.label())};
    read.sweeps.push_back(std::move(added));
    reader_.skip_commas();
  } while (!reader_.at_end());
  check_combinations(read.sweeps);
  circuit_.analyses.emplace_back(std::move(read));
}

void Elaborator::step(const Card& card, std::string_view, Scope& scope) {
  if (cards_ != ElaborateOptions::Cards::all) return;
  std::vector<Sweep> read;  // the first one is the innermost
  do {
    read.push_back(sweep(".step", scope));
    read.back().where = card.where;
    reader_.skip_commas();
  } while (!reader_.at_end());
  for (const Sweep& added : read) {
    for (const Sweep& known : circuit_.steps)
      if (known.target == added.target && known.label() == added.label())
        throw Problem{deck_.text(card).substr(0, 5), fmt::format("'{}' is stepped twice", added.label()),
                      "the other card is at " + line_of(known.where)};
    if (added.target == Sweep::Target::temperature && !circuit_.temperatures.empty())
      throw Problem{deck_.text(card).substr(0, 5), "the temperature is stepped, and .temp gives several",
                    "the other card is at " + line_of(temperatures_at_)};
    circuit_.steps.insert(circuit_.steps.begin(), added);
  }
  check_combinations(circuit_.steps);
}

void Elaborator::temperatures(const Card& card, std::string_view at, Scope& scope) {
  std::vector<double> read;
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
    const std::string_view value_at = reader_.peek().text;
    read.push_back(value(scope, CardReader::Blanks::end_it));
    if (read.back() <= absolute_zero)
      throw Problem{value_at, fmt::format("a temperature must be above -273.15 degrees Celsius, not {:g}",
                                          read.back())};
  }
  if (read.empty()) throw Problem{reader_.peek().text, ".temp has no temperature", "write .temp 27"};
  if (temperatures_at_.known())
    throw Problem{at, "there are two .temp cards", "the first one is at " + line_of(temperatures_at_)};
  temperatures_at_ = card.where;
  circuit_.options.temperature = read.front();
  if (read.size() > 1 && cards_ == ElaborateOptions::Cards::all) circuit_.temperatures = std::move(read);
}

void Elaborator::monte_carlo(const Card& card, std::string_view at, Scope& scope) {
  constexpr double most = 1e7;
  constexpr std::string_view form = "its form is .mc runs [seed=number]";
  MonteCarloCard read;
  read.where = card.where;
  const std::string_view runs_at = reader_.peek().text;
  if (reader_.at_end()) throw Problem{runs_at, ".mc has no number of runs", std::string(form)};
  const auto whole = [&](std::string_view what, std::string_view value_at, double least, double largest) {
    const double given = value(scope, CardReader::Blanks::end_it);
    if (given < least || given > largest || given != std::floor(given))
      throw Problem{value_at, fmt::format("{} must be a whole number from {:g} to {:g}, not {:g}", what,
                                          least, largest, given)};
    return given;
  };
  read.runs = static_cast<std::size_t>(whole("the number of runs", runs_at, 1, most));
  reader_.skip_commas();
  if (!reader_.at_end()) {
    const std::string_view word = reader_.word("seed=number");
    if (!same_word(word, "seed"))
      throw Problem{word, fmt::format(".mc has no option '{}'", word), std::string(form)};
    reader_.expect(Kind::equals, "'=' behind 'seed'");
    const std::string_view seed_at = reader_.peek().text;
    circuit_.options.seed = static_cast<std::uint64_t>(whole("the seed", seed_at, 0, 1e15));
    reader_.expect_end();
  }
  if (circuit_.monte_carlo)
    throw Problem{at, "there are two .mc cards",
                  "the first one is at " + line_of(circuit_.monte_carlo->where)};
  circuit_.monte_carlo = read;
}

std::optional<Spacing> Elaborator::accept_spacing() {
  if (!reader_.peek().is(Kind::word)) return std::nullopt;
  const std::optional<Spacing> spacing = spacing_of(reader_.peek().text);
  if (spacing) reader_.take();
  if (spacing == Spacing::list) reader_.accept(Kind::equals);  // list=1k 2k
  return spacing;
}

bool Elaborator::at_swept_file() const {
  return reader_.at_assignment() && same_word(reader_.peek().text, "file");
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
  if (at_swept_file()) {
    sweep.values = swept_file();
  } else if (spacing == Spacing::list) {
    for (reader_.skip_commas(); at_value(); reader_.skip_commas())
      sweep.values.push_back(value(scope, CardReader::Blanks::end_it));
    if (sweep.values.empty()) throw Problem{reader_.peek().text, "the list has no value", form};
  } else {
    SpacedValues given;
    for (std::size_t i = 0; i < 3; ++i) {
      reader_.skip_commas();
      given.at[i] = reader_.peek().text;
      if (reader_.at_end())
        throw Problem{given.at[i], fmt::format("the sweep of '{}' needs 3 values", sweep.label()), form};
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
