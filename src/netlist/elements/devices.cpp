#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/option_tables.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

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

const ParameterDescription* missing_parameter(const DeviceType& type, const std::vector<double>& values) {
  for (std::size_t i = 0; i < type.parameters.size(); ++i)
    if (type.parameters[i].required && std::isnan(values[i])) return &type.parameters[i];
  return nullptr;
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

std::uint32_t Elaborator::group_of(const DeviceType& type) {
  const auto& types = circuit_.catalogue->types();
  const auto found =
      std::find_if(types.begin(), types.end(), [&](const auto& known) { return known.get() == &type; });
  std::uint32_t& group = groups_by_type_[static_cast<std::size_t>(found - types.begin())];
  if (group == NameTable::npos) {
    group = static_cast<std::uint32_t>(circuit_.groups.size());
    circuit_.groups.emplace_back().type = &type;
  }
  return group;
}

void Elaborator::check_word_count(const DeviceType& type, std::string_view name, Scope& scope) {
  const std::size_t words = reader_.count_words();
  const std::size_t nodes = type.terminals.size();
  const bool needs_model = !type.model_type.empty() && !type.model_optional;
  if (words == nodes + 1 || (words == nodes && !needs_model)) return;
  const std::string wanted = fmt::format("{} ({}){}", plural(nodes, "node"), fmt::join(type.terminals, " "),
                                         needs_model ? " and a model" : "");
  if (words < nodes) throw Problem{name, fmt::format("'{}' needs {}", name, wanted)};
  if (!needs_model) return;
  if (words == nodes) {
    const std::string_view last = reader_.peek(words - 1).text;
    if (model_exists(last, scope))
      throw Problem{name, fmt::format("'{}' needs {}, but only {} given", name, wanted,
                                      words == 2 ? "1 node is" : fmt::format("{} nodes are", words - 1))};
    throw Problem{reader_.peek(words).text, fmt::format("'{}' has no model", name),
                  fmt::format("name a .model of type {} behind the nodes", type.model_type)};
  }
  if (words > nodes + 1 && model_exists(reader_.peek(words - 1).text, scope))
    throw Problem{reader_.peek(nodes).text,
                  fmt::format("'{}' needs {}, but {} are given", name, wanted, plural(words - 1, "node"))};
}

void Elaborator::device(const Card& card, char letter, Scope& scope) {
  const DeviceType& first_type = *types_by_letter_[static_cast<std::size_t>(letter - 'a')];
  std::string_view name = reader_.take().text;
  std::string_view before;
  if (same_word(name, "ymemristor")) {  // Xyce: the type's name, then the element's
    xyce_at_ = name;
    before = "ymemristor!";
    name = reader_.word("a name behind 'YMEMRISTOR'");
  }
  check_word_count(first_type, name, scope);
  const DeviceType* type = &first_type;
  nodes_.clear();
  std::array<std::string_view, 2> node_words;
  for (std::size_t i = 0; i < type->terminals.size(); ++i) {
    const std::string_view word = reader_.word("a node");
    if (i < node_words.size()) node_words[i] = word;
    nodes_.push_back(node(word, scope));
  }
  if (type->positional && behavioural_passive(card, type->letter, name, node_words, scope)) return;

  const Model* model = nullptr;
  std::optional<double> positional;
  std::string_view positional_at;
  bool good = true;
  if (!type->model_type.empty() && !type->model_optional) {
    model = &find_model(reader_.word("a model"), *type, scope);
  } else {  // a value and a model in either order, or one of them
    for (int i = 0; i < 2 && !reader_.at_end() && !reader_.at_assignment(); ++i) {
      const Token& next = reader_.peek();
      if (!model && next.is(Kind::word) && type->model_optional && model_exists(next.text, scope)) {
        model = &find_model(reader_.word("a model"), *type, scope);
      } else if (type->positional && positional_at.empty()) {
        positional_at = next.text;
        good &= attempt_assignment([&] { positional = value(scope, CardReader::Blanks::end_it); });
      }
    }
  }
  if (model) {
    type = model->type;
    values_ = model->values;
    good &= model->good;
  } else {
    values_.clear();
    for (std::size_t i = 0; i < type->card_parameter_count(); ++i)
      values_.push_back(type->card_parameter(i).default_value);
  }
  given_at_.assign(values_.size(), {});
  if (positional)
    good &= attempt_assignment([&] { store(*type, 0, *positional, positional_at, values_, given_at_); });
  Parasitics parasitics;
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas())
    good &= attempt_assignment([&] {
      if (!parasitic(type->letter, parasitics, scope)) assign(*type, values_, given_at_, scope);
    });
  if (!good) return;  // what depends on several parameters cannot be judged
  if (!swept_.empty()) set_swept_parameters(false, full_name(scope, name, before), *type, values_);

  const auto fail = [&](const ParameterProblem& problem) {
    std::string_view at = given_at_[problem.parameter];
    if (at.empty() && model) at = model->given_at[problem.parameter];
    if (at.empty()) {
      const auto given =
          std::find_if(given_at_.begin(), given_at_.end(), [](auto view) { return !view.empty(); });
      at = given == given_at_.end() ? name : *given;
    }
    throw Problem{at, problem.message, problem.hint};
  };
  double copies = scope.multiplier;
  if (const auto given = type->find_card_parameter("m")) {
    if (copies != 1 && values_[*given] != 1) name_difference(name, nested_copies);
    copies = values_[*given] *= copies;
  }
  on_card_.clear();
  if (type->finish) {
    const Temperatures temperatures{circuit_.options.temperature, circuit_.options.nominal_temperature};
    const auto is_given = [](std::string_view at) { return !at.empty(); };
    if (model || copies != 1 || std::any_of(given_at_.begin() + 1, given_at_.end(), is_given))
      on_card_.assign(values_.begin(),
                      values_.begin() + static_cast<std::ptrdiff_t>(type->parameters.size()));
    if (const auto problem = type->finish(values_, temperatures)) fail(*problem);
  }
  if (const ParameterDescription* missing = missing_parameter(*type, values_))
    throw Problem{name, fmt::format("'{}' has no {} ({})", name, missing->name, missing->help),
                  type->positional ? std::string("write its value behind the nodes")
                                   : fmt::format("give {}=", missing->name)};
  if (type->check)
    if (const auto problem = type->check(std::span(values_).first(type->parameters.size()))) fail(*problem);

  const std::uint32_t element = new_element(full_name(scope, name, before), name);
  add_parasitics(parasitics, copies, name, card.where, nodes_[0], nodes_[1], scope);
  if (type->letter == 'l' && values_[0] == 0)  // no state: as a resistor of 0 ohm
    return add_linear('r', element, nodes_[0], nodes_[1], 0, card.where);
  const std::uint32_t group_number = group_of(*type);
  DeviceGroup& group = circuit_.groups[group_number];
  group.names.push_back(element);
  group.nodes.insert(group.nodes.end(), nodes_.begin(), nodes_.end());
  group.parameters.insert(group.parameters.end(), values_.begin(),
                          values_.begin() + static_cast<std::ptrdiff_t>(type->parameters.size()));
  group.where.push_back(card.where);
  for (std::uint32_t i = 0; i < on_card_.size(); ++i)
    if (std::isfinite(on_card_[i]) && on_card_[i] != 0 && values_[i] != on_card_[i])
      circuit_.value_factors.push_back(
          {group_number, static_cast<std::uint32_t>(group.count() - 1), i, values_[i] / on_card_[i]});
  if (model || std::ranges::any_of(given_at_, [](std::string_view at) { return !at.empty(); }))
    note_small_signal(*type, group_number);
}

void Elaborator::note_small_signal(const DeviceType& type, std::uint32_t group) {
  const auto noisy = type.find_card_parameter("noisy");
  if (!noisy) return;
  SmallSignalResistor resistor{group, static_cast<std::uint32_t>(circuit_.groups[group].count() - 1)};
  const double resistance = values_[type.find_card_parameter("ac").value()];
  if (!std::isnan(resistance)) resistor.resistance = resistance;
  resistor.noisy = values_[*noisy] != 0;
  resistor.temperature = values_[type.find_card_parameter("temp").value()];
  const double difference = values_[type.find_card_parameter("dtemp").value()];
  if (std::isnan(resistor.temperature) && difference != 0)
    resistor.temperature = circuit_.options.temperature + difference;
  if (!resistor.noisy || resistor.resistance != 0 || !std::isnan(resistor.temperature))
    circuit_.small_signal_resistors.push_back(resistor);
}

void Elaborator::assign(const DeviceType& type, std::vector<double>& values,
                        std::vector<std::string_view>& given_at, Scope& scope) {
  const std::string_view name = reader_.word("a parameter's name");
  name_buffer_.clear();
  append_lower(name_buffer_, name);
  const std::optional<std::size_t> found = type.find_card_parameter(name_buffer_);
  if (!found && !reader_.peek().is(Kind::equals))
    throw Problem{name, fmt::format("unexpected '{}'", name),
                  fmt::format("the parameters of {} are given as name=value", with_article(type.name))};
  if (!found) {
    if (const ForeignParameters* foreign = find_foreign(type, name_buffer_)) {
      reader_.take();  // =
      if (reader_.peek().is(Kind::string))
        reader_.take();
      else
        reader_.expression(CardReader::Blanks::end_it);
      messages_.warning({name, fmt::format("'{}' of {} does nothing", name, with_article(type.name)),
                         std::string(foreign->why)});
      return;
    }
    std::string hint = did_you_mean(name_buffer_, parameter_names(type));
    if (hint.empty()) {
      std::vector<std::string_view> names;
      for (std::size_t i = 0; i < type.card_parameter_count(); ++i)
        names.push_back(type.card_parameter(i).name);
      hint = "its parameters are " + list(names);
    }
    throw Problem{name, fmt::format("{} has no parameter '{}'", with_article(type.name), name),
                  std::move(hint)};
  }
  if (!reader_.accept(Kind::equals)) reader_.expect(Kind::equals, fmt::format("'=' behind '{}'", name));
  const std::string_view at = reader_.peek().text;
  const std::vector<std::string_view>& choices = type.card_parameter(*found).choices;
  if (choices.empty()) {
    store(type, *found, value(scope, CardReader::Blanks::allowed), at, values, given_at);
    if (same_word(name, "tc") && reader_.accept(Kind::comma) && at_value()) {  // TC=tc1,tc2
      const std::string_view second_at = reader_.peek().text;
      store(type, *found + 1, value(scope, CardReader::Blanks::end_it), second_at, values, given_at);
    }
    return;
  }
  const std::string word = to_lower(reader_.word(list(choices, "or")));
  const auto choice = std::find(choices.begin(), choices.end(), word);
  if (choice == choices.end())
    throw Problem{at, fmt::format("{} must be {}, not '{}'", name, list(choices, "or"), at),
                  did_you_mean(word, choices)};
  store(type, *found, static_cast<double>(choice - choices.begin()), at, values, given_at);
}

void Elaborator::store(const DeviceType& type, std::size_t index, double value, std::string_view at,
                       std::vector<double>& values, std::vector<std::string_view>& given_at) {
  const ParameterDescription& parameter = type.card_parameter(index);
  if (!given_at[index].empty()) throw Problem{at, fmt::format("{} is given twice", parameter.name)};
  const bool too_small =
      value < parameter.minimum || (value == parameter.minimum && !parameter.minimum_allowed);
  if (too_small || value > parameter.maximum) throw Problem{at, range_problem(parameter, value)};
  values[index] = value;
  given_at[index] = at;
}

}  // namespace memspice
