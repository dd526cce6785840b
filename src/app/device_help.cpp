#include "app/device_help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "app/manual/reference.hpp"
#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "base/usage_error.hpp"
#include "netlist/elaboration/switch_models.hpp"
#include "netlist/elements/table.hpp"

namespace memspice::app {

namespace {

std::string describe_type(const DeviceType& type) {
  const bool is_switch = !type.populate;  // no device of the catalogue
  std::string form;
  if (is_switch) {
    for (const ElementDescription& element : element_descriptions()) {
      if (element.letter != type.letter) continue;
      std::istringstream lines{std::string(element.form)};
      for (std::string line; std::getline(lines, line);) form += (form.empty() ? "" : "\n  ") + line;
    }
  } else {
    form = element_form(type);
  }
  if (!type.model_type.empty())
    form += fmt::format("\n  .model model {}({}parameter=value …)", type.model_type,
                        is_switch || type.model_optional ? "" : fmt::format("level={} ", type.level));
  return fmt::format("{}: {}\n  {}\n\n{}", type.name, type.help, form, as_text(parameter_table(type), "  "));
}

}  // namespace

std::string device_help(const Catalogue& catalogue, const std::string& name) {
  std::vector<const DeviceType*> types;
  for (const auto& type : catalogue.types()) types.push_back(type.get());
  for (const DeviceType& type : switch_models()) types.push_back(&type);
  if (name.empty()) {
    TextTable table({{"letter", Align::left}, {"device", Align::left}, {"", Align::left}});
    for (const DeviceType* type : types)
      table.add({std::string(1, upper(type->letter)), std::string(type->name), std::string(type->help)});
    return table.text() + "\nmemspice --help-device LETTER (or a device's name) lists its parameters\n";
  }
  const std::string wanted = to_lower(name);
  std::string text;
  std::vector<std::string_view> names;
  const auto know = [&](std::string_view known) {
    if (!known.empty() && std::ranges::find(names, known) == names.end()) names.push_back(known);
  };
  for (const DeviceType* type : types) {
    know(type->name);
    know(type->model_type);
    for (const std::string_view level : type->form.level_names) know(level);
    for (const ModelVariant& variant : type->form.model_variants) know(variant.type);
    const bool by_name =
        wanted == to_lower(std::string(type->name)) || wanted == std::string(1, type->letter);
    const bool by_level = std::ranges::find(type->form.level_names, wanted) != type->form.level_names.end();
    if (!by_name && !by_level && !type->is_model_type(wanted)) continue;
    if (!text.empty()) text += '\n';
    text += describe_type(*type);
  }
  if (text.empty()) {
    std::string hint = did_you_mean(wanted, names);
    if (hint.empty()) hint = "there are " + list(names);
    throw UsageError(fmt::format("no device '{}'", name), hint);
  }
  return text;
}

}  // namespace memspice::app
