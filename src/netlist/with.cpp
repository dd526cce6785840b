// Circuit::with(): another value of one thing, in place where nothing else depends on it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "circuit/element_view.hpp"
#include "memspice/circuit.hpp"

namespace memspice {

namespace {

using ChangeTarget = Sweep::Target;

/// "y1" and "w0" of "y1:w0" and "@y1[w0]"; the second is empty where only an element is named.
struct ChangedName {
  std::string of;
  std::string parameter;
};
ChangedName split_changed(const std::string& name) {
  if (name.starts_with('@') && name.ends_with(']')) {
    const std::size_t open = name.find('[');
    if (open != std::string::npos)
      return {name.substr(1, open - 1), name.substr(open + 1, name.size() - open - 2)};
  }
  if (const std::size_t colon = name.rfind(':'); colon != std::string::npos)
    return {name.substr(0, colon), name.substr(colon + 1)};
  return {name, {}};
}

std::size_t changed_parameter(const DeviceType& type, const std::string& parameter) {
  if (parameter.empty() && type.positional) return 0;
  const std::optional<std::size_t> place = type.find_card_parameter(parameter);
  if (place && type.card_parameter(*place).is_number()) return *place;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < type.card_parameter_count(); ++i)
    if (type.card_parameter(i).is_number()) names.push_back(type.card_parameter(i).name);
  if (parameter.empty())
    throw std::out_of_range(fmt::format("{} has no value without a name; its parameters are {}",
                                        with_article(type.name), list(names)));
  const std::string hint = did_you_mean(parameter, names);
  throw std::out_of_range(fmt::format("{} has no parameter '{}' that is a number; {}",
                                      with_article(type.name), parameter,
                                      hint.empty() ? fmt::format("it has {}", list(names)) : hint));
}

void check_changed_range(const ParameterDescription& parameter, double value) {
  const bool too_small =
      value < parameter.minimum || (value == parameter.minimum && !parameter.minimum_allowed);
  if (std::isfinite(value) && !too_small && !(value > parameter.maximum)) return;
  const std::string unit = parameter.unit == std::string_view("1") ? "" : fmt::format(" {}", parameter.unit);
  throw std::invalid_argument(fmt::format("{} cannot be {:g}{}: its range is from {:g} to {:g}",
                                          parameter.name, value, unit, parameter.minimum, parameter.maximum));
}

/// Calls visit(words…) for every card of the deck that begins with this word.
template <class Visit>
void for_each_card(const Deck& deck, std::string_view word, Visit&& visit) {
  for (const Card& card : deck.cards) {
    const std::string_view text = deck.text(card);
    if (text.size() > word.size() && to_lower(text.substr(0, word.size())) == word) visit(text);
  }
}

/// The type of a model by its .model card; nullptr when there is none of this name.
const DeviceType* changed_model(const Circuit& circuit, std::string_view full_name) {
  constexpr std::string_view blanks = " \t\r\n+(";
  const std::string_view name = full_name.substr(full_name.rfind('.') + 1);
  const DeviceType* found = nullptr;
  for_each_card(*circuit.origin.deck, ".model", [&](std::string_view text) {
    const auto next_word = [&] {
      text.remove_prefix(std::min(text.find_first_of(blanks), text.size()));
      text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
      return to_lower(text.substr(0, std::min(text.find_first_of(blanks), text.size())));
    };
    if (next_word() != name) return;
    if (const DeviceType* type = circuit.catalogue->find_model(next_word())) found = type;
  });
  return found;
}

struct Change {
  SweptValue value;
  ElementPlace place;         // of an element
  std::size_t parameter = 0;  // of a device
};

Change find_change(const Circuit& circuit, std::string_view given, double value) {
  const ChangedName name = split_changed(to_lower(given));
  Change change;
  change.value.name = name.of;
  change.value.value = value;
  const std::uint32_t element = find_element(circuit.element_names, name.of);
  if (element == NameTable::npos) {
    if (!name.parameter.empty()) {
      const DeviceType* type = circuit.origin.deck ? changed_model(circuit, name.of) : nullptr;
      if (!type) throw std::out_of_range(fmt::format("there is no element and no model '{}'", name.of));
      const std::size_t place = changed_parameter(*type, name.parameter);
      check_changed_range(type->card_parameter(place), value);
      change.value.target = ChangeTarget::device_parameter;
      change.value.model = true;
      change.value.parameter = type->card_parameter(place).name;
    } else if (name.of == "temp" || name.of == "temper") {
      constexpr double absolute_zero = -273.15;
      if (!(value >= absolute_zero && value < infinity))
        throw std::invalid_argument(fmt::format("the temperature cannot be {:g} degrees Celsius", value));
      change.value.target = ChangeTarget::temperature;
      change.value.name = "temp";
    } else {
      change.value.target = ChangeTarget::parameter;
    }
    return change;
  }
  change.value.name = circuit.element_names[element];
  change.place = element_places(circuit)[element];
  switch (change.place.kind) {
    case ElementPlace::Kind::voltage_source:
    case ElementPlace::Kind::current_source: {
      const bool voltage = change.place.kind == ElementPlace::Kind::voltage_source;
      if (!name.parameter.empty() && name.parameter != "dc")
        throw std::out_of_range(
            fmt::format("of source '{}' only the DC value can be changed; write the rest "
                        "as {{parameter}}, and change the parameter",
                        name.of));
      if (!std::isfinite(value))
        throw std::invalid_argument(fmt::format("source '{}' cannot be {:g}", name.of, value));
      change.value.target = voltage ? ChangeTarget::voltage_source : ChangeTarget::current_source;
      return change;
    }
    case ElementPlace::Kind::device: {
      const DeviceType& type = *circuit.groups[change.place.group].type;
      change.parameter = changed_parameter(type, name.parameter);
      check_changed_range(type.card_parameter(change.parameter), value);
      change.value.target = ChangeTarget::device_parameter;
      if (change.parameter > 0 || !type.positional)
        change.value.parameter = type.card_parameter(change.parameter).name;
      return change;
    }
    default:
      throw std::out_of_range(fmt::format(
          "'{}' has no value to change; write it as {{parameter}}, and change the parameter", name.of));
  }
}

bool is_same_thing(const SweptValue& a, const SweptValue& b) {
  return a.target == b.target && a.name == b.name && a.parameter == b.parameter && a.model == b.model;
}

/// Whether the one number is all that the change is: nothing is made of it while a circuit is elaborated.
bool stands_alone(const Circuit& circuit, const Change& change) {
  if (change.value.target == ChangeTarget::voltage_source ||
      change.value.target == ChangeTarget::current_source)
    return true;
  if (change.value.target != ChangeTarget::device_parameter || change.value.model) return false;
  const DeviceGroup& group = circuit.groups[change.place.group];
  if (group.type->finish || change.parameter >= group.type->parameters.size() || !circuit.programs.empty())
    return false;
  // .ic goes before the parameter with the initial value.
  bool conditions = false;
  if (circuit.origin.deck)
    for_each_card(*circuit.origin.deck, ".ic", [&](std::string_view) { conditions = true; });
  return !conditions;
}

void change_in_place(Circuit& circuit, const Change& change) {
  if (change.value.target != ChangeTarget::device_parameter) {
    Source& source = change.value.target == ChangeTarget::voltage_source
                         ? circuit.voltage_sources[change.place.index]
                         : circuit.current_sources[change.place.index];
    source.dc = change.value.value * source.extras->copies;
    return;
  }
  DeviceGroup& group = circuit.groups[change.place.group];
  group.parameters.set(change.place.index, change.parameter, change.value.value);
  if (!group.type->check) return;
  if (const auto problem = group.type->check(group.parameters.row(change.place.index)))
    throw std::invalid_argument(problem->message);
}

}  // namespace

Circuit Circuit::with(std::string_view name, double value) const {
  const Change change = find_change(*this, name, value);
  ElaborateOptions options = origin.options;
  std::erase_if(options.swept, [&](const SweptValue& old) { return is_same_thing(old, change.value); });
  options.swept.push_back(change.value);
  if (stands_alone(*this, change)) {
    Circuit changed = *this;
    change_in_place(changed, change);
    changed.origin.options = std::move(options);
    return changed;
  }
  if (!origin.deck) throw std::invalid_argument("this circuit has no deck to be elaborated from");
  if (!options.seed) options.seed = this->options.seed;
  return elaborate(origin.deck, catalogue, options);
}

}  // namespace memspice
