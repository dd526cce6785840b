#include "devices/card_parameters.hpp"

namespace memspice {

std::vector<ParameterDescription> shared_card_parameters(std::string_view what) {
  return {
      {.name = "tc1",
       .unit = "1/K",
       .default_value = 0,
       .help = "first temperature coefficient",
       .aliases = {"tc"}},
      {.name = "tc2", .unit = "1/K^2", .default_value = 0, .help = "second temperature coefficient"},
      {.name = "temp", .unit = "C", .minimum = -273.15, .help = "temperature; the circuit's unless given"},
      {.name = "dtemp", .unit = "K", .default_value = 0, .help = "added to the circuit's temperature"},
      {.name = "tnom",
       .unit = "C",
       .minimum = -273.15,
       .help = "temperature at which the value holds; .options tnom unless given",
       .aliases = {"tref"}},
      {.name = "scale", .unit = "1", .default_value = 1, .help = what},
      {.name = "m",
       .unit = "1",
       .default_value = 1,
       .minimum = 0,
       .minimum_allowed = false,
       .help = "number of copies side by side"},
  };
}

SharedValues shared_values(std::span<const double> values, std::size_t first, const OperatingConditions& at) {
  const auto get = [&](Shared which) { return values[first + static_cast<std::size_t>(which)]; };
  SharedValues shared;
  const double temperature = value_or(get(Shared::temp), at.ambient + get(Shared::dtemp));
  const double difference = temperature - value_or(get(Shared::tnom), at.nominal);
  shared.temperature_difference = difference;
  shared.factor = (1 + difference * (get(Shared::tc1) + difference * get(Shared::tc2))) * get(Shared::scale);
  shared.copies = get(Shared::m);
  return shared;
}

}  // namespace memspice
