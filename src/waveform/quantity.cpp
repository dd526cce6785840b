#include "waveform/quantity.hpp"

#include <algorithm>
#include <array>

#include "waveform/ascii.hpp"

namespace memspice {
namespace {

struct QuantityWords {
  Quantity quantity;
  std::string_view name;
  std::string_view unit;
};

constexpr std::array<QuantityWords, 10> descriptions{{{Quantity::time, "time", "s"},
                                                      {Quantity::frequency, "frequency", "Hz"},
                                                      {Quantity::voltage, "voltage", "V"},
                                                      {Quantity::current, "current", "A"},
                                                      {Quantity::power, "power", "W"},
                                                      {Quantity::impedance, "impedance", "Ohm"},
                                                      {Quantity::voltage_density, "voltage-density", "V/√Hz"},
                                                      {Quantity::current_density, "current-density", "A/√Hz"},
                                                      {Quantity::notype, "notype", ""},
                                                      {Quantity::rate, "notype", "1/s"}}};

const QuantityWords& describe(Quantity quantity) {
  return *std::find_if(descriptions.begin(), descriptions.end(),
                       [&](const QuantityWords& each) { return each.quantity == quantity; });
}

}  // namespace

std::string_view quantity_name(Quantity quantity) {
  return describe(quantity).name;
}

std::string_view quantity_unit(Quantity quantity) {
  return describe(quantity).unit;
}

Quantity quantity_of(std::string_view name) {
  const std::string lower = lower_case(name);
  for (const QuantityWords& each : descriptions) {
    if (lower == each.name) return each.quantity;
  }
  if (lower.ends_with("current")) return Quantity::current;
  if (lower.ends_with("voltage")) return Quantity::voltage;
  return Quantity::notype;
}

Quantity quantity_of_vector(std::string_view vector) {
  const std::string lower = lower_case(vector);
  if (lower == "time" || lower == "frequency") return quantity_of(lower);
  if (lower == "freq") return Quantity::frequency;
  if (lower.ends_with("#branch")) return Quantity::current;
  const std::string_view accessor = std::string_view(lower).substr(0, lower.find('('));
  if (accessor.size() == lower.size()) return Quantity::notype;
  if (accessor == "v") return Quantity::voltage;
  if (accessor == "i" || accessor == "ix") return Quantity::current;
  if (accessor == "p") return Quantity::power;
  if (accessor == "r") return Quantity::impedance;
  return Quantity::notype;
}

}  // namespace memspice
