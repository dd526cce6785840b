#include "equations/rows/kept_sources.hpp"

#include <fmt/format.h>

namespace memspice {

std::optional<ElementReading> KeptSources::current_of(const ElementPlace& place) {
  if (place.kind == ElementPlace::Kind::current_source) {
    const Source& source = circuit_.current_sources[place.index];
    return ElementReading{
        {.kind = Reading::Kind::source_current, .index = place.index}, source.plus, source.minus};
  }
  if (place.kind != ElementPlace::Kind::voltage_source) return {};
  const Source& source = circuit_.voltage_sources[place.index];
  std::uint32_t number = row_of(place.index);
  if (number == no_row) {
    const Ends ends{source.plus, source.minus};
    number = add_row({place.index}, place.index, {.ends = ends});
    elements_.push_back({place.index, number, ends});
  }
  return ElementReading{{.kind = Reading::Kind::unknown, .index = number}, source.plus, source.minus};
}

void KeptSources::attach(const PotentialForest& forest) {
  for (Element& element : elements_) {
    element.row += numbers_.first;
    element.ends.attach(forest);
  }
}

void KeptSources::residual(const AuxiliaryPoint& at, double* r) {
  for (const Element& element : elements_)
    r[element.row] = element.ends.voltage(at) - at.source_voltage[element.source];
}

void KeptSources::entries(const AuxiliaryPoint&, EntrySink& emit) {
  for (const Element& element : elements_) {
    emit.source_voltage(element.row, element.source, -1);
    emit.difference(element.row, element.ends, 1);
  }
}

AuxiliaryUnknown KeptSources::unknown(std::uint32_t) const {
  return {.quantity = Quantity::current};
}

std::string KeptSources::name(std::uint32_t place) const {
  return fmt::format("i({})", circuit_.element_names[circuit_.voltage_sources[place].name]);
}

}  // namespace memspice
