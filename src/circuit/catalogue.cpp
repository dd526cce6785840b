#include <algorithm>

#include "memspice/device.hpp"

namespace memspice {

std::optional<std::size_t> DeviceType::find_parameter(std::string_view name) const {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const ParameterDescription& parameter = parameters[i];
    if (parameter.name == name) return i;
    if (std::find(parameter.aliases.begin(), parameter.aliases.end(), name) != parameter.aliases.end())
      return i;
  }
  return std::nullopt;
}

const DeviceType* Catalogue::find(char letter, int level) const {
  for (const auto& type : types_)
    if (type->letter == letter && type->level == level) return type.get();
  return nullptr;
}

const DeviceType* Catalogue::find_model(std::string_view model_type, int level) const {
  for (const auto& type : types_)
    if (!model_type.empty() && type->model_type == model_type && type->level == level) return type.get();
  return nullptr;
}

}  // namespace memspice
