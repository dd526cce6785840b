#include "app/generate/generate_model.hpp"

#include <algorithm>
#include <cmath>

#include "app/generate/generate_values.hpp"
#include "memspice/device.hpp"

namespace memspice::app {
namespace {

const DeviceType& type_of_level(const std::string& level) {
  const auto catalogue = standard_catalogue();
  const DeviceType* type = catalogue->find_model("memristor", std::string_view(level));
  if (const auto number = signed_number(level); !type && number && *number != 1)
    type = catalogue->find_model("memristor", static_cast<int>(std::lround(*number)));
  if (type && type->network_role != NetworkRole::linear_memristor) return *type;
  std::vector<std::string_view> names{"linear"};
  for (const auto& known : catalogue->types())
    if (known->model_type == "memristor" && known->network_role != NetworkRole::linear_memristor)
      names.insert(names.end(), known->form.level_names.begin(), known->form.level_names.end());
  std::string hint = did_you_mean(level, names);
  if (hint.empty()) hint = "there are " + list(names, "and");
  refuse(fmt::format("--model has no '{}'", level), hint);
}

void refuse_linear_options(const GenerateArguments& arguments) {
  const std::pair<const char*, const GenerateArguments::Text&> options[] = {
      {"--ron", arguments.ron},       {"--roff", arguments.roff},      {"--alpha", arguments.alpha},
      {"--beta", arguments.beta},     {"--w0", arguments.w0},          {"--polarity", arguments.polarity},
      {"--active", arguments.active}, {"--control", arguments.control}};
  for (const auto& [option, text] : options)
    if (text)
      refuse(fmt::format("{} belongs to the linear memristor, not to --model {}", option, *arguments.model),
             "--parameter name=value gives a parameter of the model");
}

generate::ModelParameter given_parameter(const DeviceType& type, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const auto place = type.find_parameter(name);
  if (equals == std::string::npos || !place) {
    std::vector<std::string_view> names;
    for (const ParameterDescription& parameter : type.parameters) names.push_back(parameter.name);
    std::string hint = did_you_mean(name, names);
    if (hint.empty()) hint = "there are " + list(names, "and");
    refuse(equals == std::string::npos
               ? fmt::format("--parameter wants name=value, not '{}'", text)
               : fmt::format("--parameter {}: a {} has no '{}'", text, type.name, name),
           hint);
  }
  const ParameterDescription& parameter = type.parameters[*place];
  const std::string value = text.substr(equals + 1);
  if (!parameter.choices.empty()) {
    if (std::ranges::find(parameter.choices, value) == parameter.choices.end())
      refuse(fmt::format("--parameter {}: {} is {}", text, name, list(parameter.choices, "or")), "");
    return {std::string(parameter.name), value, {}};
  }
  if (parameter.curve) return {std::string(parameter.name), value, {}};
  const std::string range = fmt::format("from {:g} to {:g}", parameter.minimum, parameter.maximum);
  return {std::string(parameter.name), "",
          distribution_of("--parameter " + name + "=", value,
                          {parameter.minimum, parameter.maximum, range.c_str()})};
}

}  // namespace

generate::Devices devices_of_level(const GenerateArguments& arguments) {
  const DeviceType& type = type_of_level(*arguments.model);
  refuse_linear_options(arguments);
  generate::Devices devices;
  devices.level =
      type.form.level_names.empty() ? std::to_string(type.level) : std::string(type.form.level_names.front());
  std::vector<generate::ModelParameter> given;
  for (const std::string& text : arguments.parameters) given.push_back(given_parameter(type, text));
  for (const ParameterDescription& parameter : type.parameters) {
    const auto found = std::ranges::find(given, parameter.name, &generate::ModelParameter::name);
    if (found != given.end()) {
      devices.parameters.push_back(*found);
    } else if (!parameter.choices.empty()) {
      devices.parameters.push_back(
          {std::string(parameter.name),
           std::string(parameter.choices[static_cast<std::size_t>(parameter.default_value)]),
           {}});
    } else if (!std::isnan(parameter.default_value) && parameter.on_element.empty()) {
      devices.parameters.push_back({std::string(parameter.name), "", {.first = parameter.default_value}});
    }
  }
  return devices;
}

std::string state_vectors(const generate::Devices& devices) {
  if (devices.level.empty()) return "w(*)";
  std::string names;
  for (const UnknownDescription& unknown : type_of_level(devices.level).unknowns)
    if (!unknown.name.empty()) names += fmt::format("{}{}(*)", names.empty() ? "" : " ", unknown.name);
  return names;
}

}  // namespace memspice::app
