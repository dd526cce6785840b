#include "netlist/cards/sweep_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "circuit/element_view.hpp"
#include "netlist/elaboration/parameters.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;
using Target = Sweep::Target;

// ngspice's names of what stands behind the nodes.
bool is_value_name(std::string_view parameter) {
  return parameter == "resistance" || parameter == "capacitance" || parameter == "inductance";
}

// Names of a source's DC value in ngspice and Xyce.
bool is_source_value(std::string_view parameter) {
  return parameter.empty() || parameter == "dc" || parameter == "dcv0" || parameter == "dcvalue";
}

SweptParameter device_target(Sweep& sweep, const DeviceType& type, std::string_view parameter) {
  const std::string key = to_lower(parameter);
  std::optional<std::size_t> found =
      type.find_card_parameter(key, sweep.model ? DeviceType::Card::model : DeviceType::Card::element);
  if (!found && type.positional && (key.empty() || is_value_name(key))) found = 0;
  if (!found) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < type.card_parameter_count(); ++i)
      names.push_back(type.card_parameter(i).name);
    std::string hint = did_you_mean(key, names);
    throw Problem{parameter, fmt::format("{} has no parameter '{}'", with_article(type.name), parameter),
                  hint.empty() ? "its parameters are " + list(names) : std::move(hint)};
  }
  if (!type.card_parameter(*found).is_number())
    throw Problem{parameter, fmt::format("'{}' is no number that could be swept", parameter)};
  if (*found > 0 || !type.positional) sweep.parameter = type.card_parameter(*found).name;
  return {&type, *found};
}

SweptParameter element_target(CardContext& card, Sweep& sweep, std::uint32_t element, std::string_view name,
                              std::string_view parameter, std::string_view at) {
  using Place = ElementPlace::Kind;
  const ElementPlace place = element_places(card.circuit)[element];
  sweep.name = card.circuit.element_names[element];
  sweep.index = place.index;
  if (place.kind == Place::voltage_source || place.kind == Place::current_source) {
    sweep.target = place.kind == Place::voltage_source ? Target::voltage_source : Target::current_source;
    if (!is_source_value(to_lower(parameter)))
      throw Problem{parameter, fmt::format("of '{}' only the DC value can be swept", name),
                    "write the value as {parameter}, and sweep the parameter"};
    return {};
  }
  if (place.kind != Place::device)
    throw Problem{at, fmt::format("'{}' has no parameter that can be swept", name),
                  "write its value as {parameter}, and sweep the parameter"};
  sweep.target = Target::device_parameter;
  const DeviceType& type = *card.circuit.groups[place.group].type;
  if (parameter.empty() && !type.positional)
    throw Problem{at, fmt::format("which parameter of '{}' is to be swept?", name),
                  fmt::format("write @{}[parameter]", to_lower(name))};
  return device_target(sweep, type, parameter);
}

SweptParameter model_target(CardContext& card, Sweep& sweep, std::string_view name,
                            std::string_view parameter, std::string_view type) {
  sweep.target = Target::device_parameter;
  sweep.model = true;
  sweep.name = to_lower(name);
  sweep.name = with_dots(sweep.name);
  const std::vector<const DeviceType*> types = models_named(card.elaboration, sweep.name);
  if (types.empty()) {
    std::vector<std::string_view> candidates;
    append_names(card.elaboration.top.model_numbers, candidates);
    const std::vector<std::string> inside = first_names(card.elaboration.models.in_subcircuits);
    candidates.insert(candidates.end(), inside.begin(), inside.end());
    std::string hint = did_you_mean(sweep.name, candidates);
    if (hint.empty()) hint = "those in subcircuits are written x1.model, or model for all of this name";
    throw Problem{name, fmt::format("the deck has no model '{}' to be swept", name), std::move(hint)};
  }
  const DeviceType* const found = types.front();
  if (found == nullptr) return {};  // its card is wrong, and has been reported
  if (std::ranges::any_of(types, [&](const DeviceType* other) { return other != found; }))
    throw Problem{name, fmt::format("the models '{}' in subcircuits are of several types", name),
                  "name one of them: x1.model"};
  if (!type.empty() && !same_word(type, found->model_type))
    throw Problem{type,
                  fmt::format("model '{}' is {}, not '{}'", name, with_article(found->model_type), type)};
  return device_target(sweep, *found, parameter);
}

}  // namespace

SweptParameter sweep_target(CardContext& card, Sweep& sweep) {
  const std::string_view at = card.reader.word("what to sweep");
  const auto parameter = [&](std::string_view name) {
    sweep.target = Target::parameter;
    sweep.name = to_lower(name);
    if (card.elaboration.top.parameter_numbers.contains(sweep.name)) return SweptParameter{};
    std::vector<std::string_view> candidates;
    append_names(card.elaboration.top.parameter_numbers, candidates);
    throw Problem{name, fmt::format("the deck has no parameter '{}' to be swept", name),
                  did_you_mean(sweep.name, candidates)};
  };
  if ((same_word(at, "param") || same_word(at, "parameter")) && card.reader.peek().is(Kind::word) &&
      is_name_start(card.reader.peek().text.front()))
    return parameter(card.reader.take().text);

  // A model's parameter: LTspice's `npn 2n2222(vaf)`, or without the type.
  const std::size_t name_ahead = card.reader.peek().is(Kind::open) ? 0 : 1;
  if (card.reader.peek(name_ahead).is(Kind::open) && card.reader.peek(name_ahead + 1).is(Kind::word) &&
      card.reader.peek(name_ahead + 2).is(Kind::close)) {
    const std::string_view name = name_ahead == 0 ? at : card.reader.take().text;
    card.reader.take();
    const std::string_view of_model = card.reader.take().text;
    card.reader.take();
    return model_target(card, sweep, name, of_model, name_ahead == 0 ? std::string_view() : at);
  }
  if (at.front() == '@') {
    const std::size_t open = at.find('[');
    if (open == std::string_view::npos || at.back() != ']')
      throw Problem{at, fmt::format("'{}' names no parameter", at), "write @element[parameter]"};
    const std::string_view name = at.substr(1, open - 1);
    return element_target(card, sweep, card.elaboration.names.existing_element(name, card.scope), name,
                          at.substr(open + 1, at.size() - open - 2), at);
  }
  const std::string key = to_lower(at);
  for (const std::string& spelling : {key, with_dots(key)})  // Xyce's x1:r2 is x1.r2
    if (const std::uint32_t element = find_element(card.circuit.element_names, spelling);
        element != NameTable::npos)
      return element_target(card, sweep, element, at, {}, at);
  if (card.elaboration.top.parameter_numbers.contains(key)) return parameter(at);
  if (key == "temp" || key == "temper") {
    sweep.target = Target::temperature;
    sweep.name = "temp";
    return {};
  }
  // Xyce: element:parameter, model:parameter; a colon is between the parts of a name, too.
  if (const std::size_t colon = key.rfind(':'); colon != std::string::npos) {
    const std::string name = with_dots(key.substr(0, colon));
    if (const std::uint32_t element = find_element(card.circuit.element_names, name);
        element != NameTable::npos)
      return element_target(card, sweep, element, at.substr(0, colon), at.substr(colon + 1), at);
    if (!models_named(card.elaboration, name).empty())
      return model_target(card, sweep, at.substr(0, colon), at.substr(colon + 1), {});
  }
  std::vector<std::string_view> candidates{"temp"};
  append_names(card.elaboration.top.parameter_numbers, candidates);
  const std::vector<std::string> elements = first_names(card.circuit.element_names);
  candidates.insert(candidates.end(), elements.begin(), elements.end());
  std::string hint = did_you_mean(key, candidates);
  if (hint.empty()) hint = "a source, temp, a parameter, an element, or @element[parameter] can be swept";
  throw Problem{at, fmt::format("there is no source, parameter or element '{}' to be swept", at),
                std::move(hint)};
}

void check_swept_values(const Sweep& sweep, const SweptParameter& swept, std::string_view at) {
  if (sweep.target == Target::temperature) {
    const auto cold = std::ranges::find_if(sweep.values, [](double t) { return t < absolute_zero; });
    if (cold != sweep.values.end())
      throw Problem{at, fmt::format("{:g} degrees Celsius is below absolute zero", *cold)};
  }
  if (swept.type == nullptr) return;
  std::vector<double> values(swept.type->card_parameter_count());
  for (const double value : sweep.values) {
    std::vector<std::string_view> given_at(values.size());
    store(*swept.type, swept.parameter, value, at, values, given_at);
  }
}

}  // namespace memspice
