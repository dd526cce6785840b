#include <algorithm>

#include "memspice/device.hpp"

namespace memspice {

namespace {

std::optional<std::size_t> find(const std::vector<ParameterDescription>& parameters, std::string_view name) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const ParameterDescription& parameter = parameters[i];
    if (parameter.name == name) return i;
    if (std::find(parameter.aliases.begin(), parameter.aliases.end(), name) != parameter.aliases.end())
      return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> DeviceType::find_parameter(std::string_view name) const {
  return find(parameters, name);
}

std::optional<std::size_t> DeviceType::find_card_parameter(std::string_view name) const {
  if (const auto stored = find(parameters, name)) return stored;
  const auto card = find(card_parameters, name);
  return card ? std::optional(*card + parameters.size()) : std::nullopt;
}

const DeviceType* Catalogue::find(char letter, int level) const {
  for (const auto& type : types_)
    if (type->letter == letter && type->level == level) return type.get();
  return nullptr;
}

const DeviceType* Catalogue::find_model(std::string_view model_type, int level) const {
  for (const auto& type : types_)
    if (!model_type.empty() && type->level == level &&
        (type->model_type == model_type || std::find(type->model_aliases.begin(), type->model_aliases.end(),
                                                     model_type) != type->model_aliases.end()))
      return type.get();
  return nullptr;
}

}  // namespace memspice
