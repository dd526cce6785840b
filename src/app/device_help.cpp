#include "app/device_help.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memspice/error.hpp>

#include "app/text_table.hpp"
#include "circuit/spelling.hpp"
#include "circuit/switch_models.hpp"
#include "deck/characters.hpp"

namespace memspice::app {

namespace {

char letter_of(const DeviceType& type) {
  return static_cast<char>(type.letter - 'a' + 'A');
}

std::string form(const DeviceType& type) {
  std::string text = fmt::format("{}name {}", letter_of(type), fmt::join(type.terminals, " "));
  if (!type.model_type.empty()) text += type.model_optional ? " [model]" : " model";
  if (type.positional) text += fmt::format(" {}", type.parameters.front().name);
  text += " [parameter=value …]";
  if (!type.model_type.empty())
    text += type.model_optional ? fmt::format("     .model model {}(parameter=value …)", type.model_type)
                                : fmt::format("     .model model {}(level={} parameter=value …)",
                                              type.model_type, type.level);
  return text;
}

std::string default_of(const ParameterDescription& parameter) {
  if (!parameter.choices.empty())
    return std::string(parameter.choices[static_cast<std::size_t>(parameter.default_value)]);
  if (parameter.required) return "required";
  return std::isnan(parameter.default_value) ? "" : fmt::format("{:g}", parameter.default_value);
}

std::string range_of(const ParameterDescription& parameter) {
  if (!parameter.choices.empty()) return fmt::format("{}", fmt::join(parameter.choices, ", "));
  const bool below = parameter.minimum > -infinity, above = parameter.maximum < infinity;
  if (below && above) return fmt::format("{:g} to {:g}", parameter.minimum, parameter.maximum);
  if (below) return fmt::format("{} {:g}", parameter.minimum_allowed ? ">=" : ">", parameter.minimum);
  return above ? fmt::format("<= {:g}", parameter.maximum) : std::string();
}

std::string describe(const DeviceType& type) {
  TextTable table({{"parameter", Align::left},
                   {"unit", Align::left},
                   {"default"},
                   {"range", Align::left},
                   {"", Align::left}});
  for (std::size_t i = 0; i < type.card_parameter_count(); ++i) {
    const ParameterDescription& parameter = type.card_parameter(i);
    std::string names(parameter.name);
    for (const std::string_view alias : parameter.aliases) names += fmt::format(", {}", alias);
    table.add({names, std::string(parameter.unit == "1" ? "" : parameter.unit), default_of(parameter),
               range_of(parameter), std::string(parameter.help)});
  }
  return fmt::format("{}: {}\n  {}\n\n{}", type.name, type.help, form(type), table.text("  "));
}

}  // namespace

std::string device_help(const Catalogue& catalogue, const std::string& name) {
  std::vector<const DeviceType*> types;
  for (const auto& type : catalogue.types()) types.push_back(type.get());
  for (const DeviceType& type : switch_models()) types.push_back(&type);
  if (name.empty()) {
    TextTable table({{"letter", Align::left}, {"device", Align::left}, {"", Align::left}});
    for (const DeviceType* type : types)
      table.add({std::string(1, letter_of(*type)), std::string(type->name), std::string(type->help)});
    return table.text() + "\nmemspice --help-device LETTER (or a device's name) lists its parameters\n";
  }
  const std::string wanted = to_lower(name);
  std::string text;
  std::vector<std::string_view> names;
  for (const DeviceType* type : types) {
    names.push_back(type->name);
    if (!type->model_type.empty()) names.push_back(type->model_type);
    if (wanted != type->name && wanted != type->model_type && wanted != std::string(1, type->letter))
      continue;
    if (!text.empty()) text += '\n';
    text += describe(*type);
  }
  if (text.empty()) {
    std::string hint = did_you_mean(wanted, names);
    if (hint.empty()) hint = "there are " + list(names);
    throw DeckError(Diagnostic{
        .message = fmt::format("no device '{}'", name), .hint = hint, .file = "memspice", .text = {}});
  }
  return text;
}

}  // namespace memspice::app
