#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <tuple>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elements/behaviour.hpp"
#include "netlist/elements/element_words.hpp"
#include "netlist/elements/parasitics.hpp"
#include "netlist/elements/source_factor.hpp"

namespace memspice {
namespace {

constexpr std::string_view form = "its form is Bname n+ n- V={expression} or I={expression}";

}  // namespace

void read_behavioural_source(CardContext& card) {
  BehaviouralSource source;
  source.where = card.where;
  const std::string_view name = card.reader.take().text;
  std::tie(source.plus, source.minus) = two_nodes(card, name);

  std::optional<Expression> expression;
  constexpr auto& known = SourceFactor::names;
  SourceFactor factors;
  Parasitics parasitics;
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view word = card.reader.peek().text;
    if (!card.reader.at_assignment())
      throw card.reader.unexpected(word, expression ? std::string() : std::string(form));
    if (read_parasitic(card, 'b', parasitics)) continue;
    const std::string option = to_lower(card.reader.take().text);
    card.reader.take();
    if (option == "v" || option == "i") {
      if (expression) throw Problem{word, fmt::format("'{}' has two values", name), std::string(form)};
      source.voltage = option == "v";
      expression = card.reader.expression(CardReader::Blanks::allowed);
      continue;
    }
    const auto* const found = std::find(std::begin(known), std::end(known), option);
    if (found == std::end(known)) {
      std::vector<std::string_view> names(std::begin(known), std::end(known));
      names.insert(names.end(), {"v", "i"});
      throw Problem{word, fmt::format("a behavioural source has no parameter '{}'", word),
                    did_you_mean(option, names)};
    }
    factors.given[static_cast<std::size_t>(found - std::begin(known))] =
        card.value(CardReader::Blanks::allowed);
  }
  if (!expression) throw Problem{name, fmt::format("'{}' has no value", name), std::string(form)};

  if (!source.voltage && card.scope.multiplier != 1)
    card.elaboration.dialect.name_difference(name, copied_sources);
  const double factor =
      factors.value(card.circuit.options.temperature) * (source.voltage ? 1 : card.scope.multiplier);
  if (!std::isfinite(factor))
    throw Problem{name, fmt::format("the factor of '{}' from m, tc1 and tc2 is infinite", name)};
  source.program = compile(card, *expression, factor);
  source.name = card.new_element(name);
  add_parasitics(card, parasitics, card.scope.multiplier, name, source.plus, source.minus);
  card.circuit.behavioural_sources.push_back(source);
}

}  // namespace memspice
