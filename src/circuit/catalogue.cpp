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

bool DeviceType::is_model_type(std::string_view word) const {
  return !word.empty() &&
         (word == model_type || std::ranges::find(model_aliases, word) != model_aliases.end() ||
          std::ranges::find(form.model_variants, word, &ModelVariant::type) != form.model_variants.end());
}

std::optional<std::size_t> DeviceType::find_parameter(std::string_view name) const {
  return find(parameters, name);
}

std::optional<std::size_t> DeviceType::find_card_parameter(std::string_view name, Card card) const {
  if (card == Card::element) {
    const auto own = std::ranges::find(parameters, name, &ParameterDescription::on_element);
    if (!name.empty() && own != parameters.end()) return own - parameters.begin();
  }
  if (const auto stored = find(parameters, name)) return stored;
  const auto behind = find(card_parameters, name);
  return behind ? std::optional(*behind + parameters.size()) : std::nullopt;
}

const DeviceType* Catalogue::find(char letter, int level) const {
  for (const auto& type : types_)
    if (type->letter == letter && type->level == level) return type.get();
  return nullptr;
}

const DeviceType* Catalogue::find_model(std::string_view model_type, int level) const {
  for (const auto& type : types_)
    if (type->is_model_type(model_type) && type->level == level) return type.get();
  return nullptr;
}

const DeviceType* Catalogue::find_model(std::string_view model_type, std::string_view level_name) const {
  for (const auto& type : types_)
    if (type->is_model_type(model_type) &&
        std::ranges::find(type->form.level_names, level_name) != type->form.level_names.end())
      return type.get();
  return nullptr;
}

}  // namespace memspice
