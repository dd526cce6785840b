#include "netlist/elaboration/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaboration/curves.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

std::string with_unit(double value, std::string_view unit) {
  return unit.empty() || unit == "1" ? fmt::format("{:g}", value) : fmt::format("{:g} {}", value, unit);
}

std::string range_problem(const ParameterDescription& parameter, double value) {
  const bool below = parameter.minimum > -infinity, above = parameter.maximum < infinity;
  std::string range;
  if (below && above)
    range =
        fmt::format("between {:g} and {}", parameter.minimum, with_unit(parameter.maximum, parameter.unit));
  else if (below)
    range = fmt::format("{} {}", parameter.minimum_allowed ? "at least" : "greater than",
                        with_unit(parameter.minimum, parameter.unit));
  else
    range = fmt::format("at most {}", with_unit(parameter.maximum, parameter.unit));
  return fmt::format("{} must be {}, not {:g}", parameter.name, range, value);
}

std::vector<std::string_view> parameter_names(const DeviceType& type) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < type.card_parameter_count(); ++i) {
    const ParameterDescription& parameter = type.card_parameter(i);
    names.push_back(parameter.name);
    names.insert(names.end(), parameter.aliases.begin(), parameter.aliases.end());
  }
  return names;
}

const ForeignParameters* find_foreign(const DeviceType& type, std::string_view name) {
  for (const ForeignParameters& foreign : type.foreign_parameters) {
    bool found = false;
    for_each_alias(foreign.names, [&](std::string_view known) { found |= known == name; });
    if (found) return &foreign;
  }
  return nullptr;
}

}  // namespace

void assign(CardContext& card, const DeviceType& type, std::vector<double>& values,
            std::vector<std::string_view>& given_at, DeviceType::Card on) {
  const std::string_view name = card.reader.word("a parameter's name");
  std::string& key = card.elaboration.scratch.name;
  key.clear();
  append_lower(key, name);
  const std::optional<std::size_t> found = type.find_card_parameter(key, on);
  if (!found && !card.reader.peek().is(Kind::equals))
    throw card.reader.unexpected(
        name, fmt::format("the parameters of {} are given as name=value", with_article(type.name)));
  if (found && type.card_parameter(*found).flag && !card.reader.peek().is(Kind::equals))
    return store(type, *found, 1, name, values, given_at);
  if (!found) {
    if (const ForeignParameters* foreign = find_foreign(type, key)) {
      card.reader.take();  // =
      if (card.reader.peek().is(Kind::string))
        card.reader.take();
      else
        card.reader.expression(CardReader::Blanks::end_it);
      card.messages.warning({name, fmt::format("'{}' of {} does nothing", name, with_article(type.name)),
                             std::string(foreign->why)});
      return;
    }
    std::string hint = did_you_mean(key, parameter_names(type));
    if (type.form.lenient) {
      card.reader.take();  // =
      card.reader.expression(CardReader::Blanks::end_it);
      card.messages.warning({name,
                             fmt::format("{} has no parameter '{}'; it is left out, as ngspice does",
                                         with_article(type.name), name),
                             std::move(hint)});
      return;
    }
    if (hint.empty()) {
      std::vector<std::string_view> names;
      for (std::size_t i = 0; i < type.card_parameter_count(); ++i)
        names.push_back(type.card_parameter(i).name);
      hint = "its parameters are " + list(names);
    }
    throw Problem{name, fmt::format("{} has no parameter '{}'", with_article(type.name), name),
                  std::move(hint)};
  }
  if (!card.reader.accept(Kind::equals))
    card.reader.expect(Kind::equals, fmt::format("'=' behind '{}'", name));
  const std::string_view at = card.reader.peek().text;
  if (type.card_parameter(*found).curve) return store(type, *found, read_curve(card), at, values, given_at);
  const std::vector<std::string_view>& choices = type.card_parameter(*found).choices;
  if (choices.empty()) {
    store(type, *found, card.value(CardReader::Blanks::allowed), at, values, given_at);
    const std::size_t list = same_word(name, "tc") ? 2 : type.card_parameter(*found).list;
    for (std::size_t i = 1; i < list && card.reader.accept(Kind::comma) && at_value(card.reader); ++i) {
      const std::string_view next_at = card.reader.peek().text;  // TC=tc1,tc2
      store(type, *found + i, card.value(CardReader::Blanks::end_it), next_at, values, given_at);
    }
    return;
  }
  const std::string word = to_lower(card.reader.word(list(choices, "or")));
  const auto choice = std::find(choices.begin(), choices.end(), word);
  if (choice == choices.end())
    throw Problem{at, fmt::format("{} must be {}, not '{}'", name, list(choices, "or"), at),
                  did_you_mean(word, choices)};
  store(type, *found, static_cast<double>(choice - choices.begin()), at, values, given_at);
}

void store(const DeviceType& type, std::size_t index, double value, std::string_view at,
           std::vector<double>& values, std::vector<std::string_view>& given_at) {
  const ParameterDescription& parameter = type.card_parameter(index);
  if (!given_at[index].empty() && !type.form.lenient)
    throw Problem{at, fmt::format("{} is given twice", parameter.name)};
  const bool too_small =
      value < parameter.minimum || (value == parameter.minimum && !parameter.minimum_allowed);
  if (too_small || value > parameter.maximum) throw Problem{at, range_problem(parameter, value)};
  values[index] = value;
  given_at[index] = at;
}

bool at_value(const CardReader& reader) {
  const Token& token = reader.peek();
  if (token.is(Kind::expression)) return true;
  if (!token.is(Kind::word) || reader.at_assignment()) return false;
  const char c = token.text.front();
  return is_digit(c) || c == '.' || c == '-' || c == '+';
}

}  // namespace memspice
