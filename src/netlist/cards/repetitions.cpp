#include <fmt/format.h>

#include <cmath>

#include "base/characters.hpp"
#include "netlist/cards/sweeps.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

}  // namespace

void read_step(CardContext& card) {
  std::vector<Sweep> read;  // the first one is the innermost
  do {
    read.push_back(sweep(card, ".step"));
    read.back().where = card.where;
    card.reader.skip_commas();
  } while (!card.reader.at_end());
  for (const Sweep& added : read) {
    for (const Sweep& known : card.circuit.repetitions.steps)
      if (known.target == added.target && known.label() == added.label())
        throw Problem{card.text.substr(0, 5), fmt::format("'{}' is stepped twice", added.label()),
                      "the other card is at " + card.line_of(known.where)};
    if (added.target == Sweep::Target::temperature && !card.circuit.repetitions.temperatures.empty())
      throw Problem{card.text.substr(0, 5), "the temperature is stepped, and .temp gives several",
                    "the other card is at " + card.line_of(card.elaboration.noted.temperatures)};
    card.circuit.repetitions.steps.insert(card.circuit.repetitions.steps.begin(), added);
  }
  check_combinations(card, card.circuit.repetitions.steps);
}

void read_temp(CardContext& card) {
  const std::string_view at = card.at;
  std::vector<double> read;
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view value_at = card.reader.peek().text;
    read.push_back(card.value(CardReader::Blanks::end_it));
    if (read.back() <= absolute_zero)
      throw Problem{value_at, fmt::format("a temperature must be above -273.15 degrees Celsius, not {:g}",
                                          read.back())};
  }
  if (read.empty()) throw Problem{card.reader.peek().text, ".temp has no temperature", "write .temp 27"};
  if (card.elaboration.noted.temperatures.known())
    throw Problem{at, "there are two .temp cards",
                  "the first one is at " + card.line_of(card.elaboration.noted.temperatures)};
  card.elaboration.noted.temperatures = card.where;
  card.circuit.options.temperature = read.front();
  if (read.size() > 1 && card.elaboration.options.cards == ElaborateOptions::Cards::all)
    card.circuit.repetitions.temperatures = std::move(read);
}

void read_mc(CardContext& card) {
  const std::string_view at = card.at;
  constexpr double most = 1e7;
  constexpr std::string_view form = "its form is .mc runs [seed=number]";
  MonteCarloCard read;
  read.where = card.where;
  const std::string_view runs_at = card.reader.peek().text;
  if (card.reader.at_end()) throw Problem{runs_at, ".mc has no number of runs", std::string(form)};
  const auto whole = [&](std::string_view what, std::string_view value_at, double least, double largest) {
    const double given = card.value(CardReader::Blanks::end_it);
    if (given < least || given > largest || given != std::floor(given))
      throw Problem{value_at, fmt::format("{} must be a whole number from {:g} to {:g}, not {:g}", what,
                                          least, largest, given)};
    return given;
  };
  read.runs = static_cast<std::size_t>(whole("the number of runs", runs_at, 1, most));
  card.reader.skip_commas();
  if (!card.reader.at_end()) {
    const std::string_view word = card.reader.word("seed=number");
    if (!same_word(word, "seed"))
      throw Problem{word, fmt::format(".mc has no option '{}'", word), std::string(form)};
    card.reader.expect(Kind::equals, "'=' behind 'seed'");
    const std::string_view seed_at = card.reader.peek().text;
    card.circuit.options.seed = static_cast<std::uint64_t>(whole("the seed", seed_at, 0, 1e15));
    card.reader.expect_end();
  }
  if (card.circuit.repetitions.monte_carlo)
    throw Problem{at, "there are two .mc cards",
                  "the first one is at " + card.line_of(card.circuit.repetitions.monte_carlo->where)};
  card.circuit.repetitions.monte_carlo = read;
}

}  // namespace memspice
