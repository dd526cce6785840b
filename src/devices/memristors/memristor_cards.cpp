#include "devices/memristors/memristor_cards.hpp"

namespace memspice {

DeviceType memristor_of_level(int level, std::string_view name, std::vector<std::string_view> level_names) {
  DeviceType type;
  type.name = name;
  type.letter = 'y';
  type.model_type = "memristor";
  type.level = level;
  type.form.level_names = std::move(level_names);
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  return type;
}

// clang-format off
ParameterDescription memristor_copies() {
  return {.name = "copies", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side, all in the same state", .on_element = "m"};
}

ParameterDescription memristor_temperature() {
  return {.name = "temp", .unit = "C", .minimum = -273.15, .minimum_allowed = false, .help = "temperature; the circuit's unless given"};
}

ParameterDescription memristor_warmth() {
  return {.name = "dtemp", .unit = "K", .default_value = 0, .help = "added to the circuit's temperature"};
}
// clang-format on

std::function<std::optional<ParameterProblem>(std::span<double>, const OperatingConditions&)>
settle_temperature(std::size_t place, std::size_t stored) {
  return [place, stored](std::span<double> values,
                         const OperatingConditions& at) -> std::optional<ParameterProblem> {
    values[place] = value_or(values[place], at.ambient + values[stored]);
    return std::nullopt;
  };
}

}  // namespace memspice
