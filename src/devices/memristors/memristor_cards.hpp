#pragma once

#include "devices/card_parameters.hpp"

namespace memspice {

/// What the types of memristors with a level have in common: letter, model type, terminals.
DeviceType memristor_of_level(int level, std::string_view name, std::vector<std::string_view> level_names);

/// The number of copies side by side, which share one state and add their currents.
ParameterDescription memristor_copies();
/// Temperature of the device, degrees Celsius; `settle_temperature` fills it in.
ParameterDescription memristor_temperature();
/// The card parameter dtemp, to stand alone behind the stored ones.
ParameterDescription memristor_warmth();
/// DeviceType::finish of types with a temperature at this place.
std::function<std::optional<ParameterProblem>(std::span<double>, const OperatingConditions&)>
settle_temperature(std::size_t place, std::size_t stored);

}  // namespace memspice
