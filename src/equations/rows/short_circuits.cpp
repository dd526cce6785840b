#include "equations/rows/short_circuits.hpp"

#include <fmt/format.h>

namespace memspice {

std::optional<ElementReading> ShortCircuits::current_of(const ElementPlace& place) {
  if (place.kind != ElementPlace::Kind::device) return {};
  const DeviceGroup& group = circuit_.groups[place.group];
  if (!(group.type->short_at_dc ? at_rest_ : group.has_no_resistance(place.index))) return {};
  const Ends ends{group.nodes[2 * place.index], group.nodes[2 * place.index + 1]};
  std::uint32_t number = row_of(place.group, place.index);
  if (number == no_row) {
    number = add_row({place.index, place.group}, static_cast<std::uint32_t>(elements_.size()),
                     {.device = true, .ends = ends});
    elements_.push_back({place.group, place.index, number, ends});
  }
  return ElementReading{{.kind = Reading::Kind::unknown, .index = number}, ends.plus, ends.minus};
}

void ShortCircuits::set_idle(std::uint32_t group, std::uint32_t instance) {
  const std::uint32_t number = row_of(group, instance);
  for (Element& element : elements_)
    if (element.row == number) element.idle = true;
}

void ShortCircuits::attach(const PotentialForest& forest) {
  for (Element& element : elements_) {
    element.row += numbers_.first;
    element.ends.attach(forest);
  }
}

void ShortCircuits::residual(const AuxiliaryPoint& at, double* r) {
  for (const Element& element : elements_)
    r[element.row] = element.idle ? at.y[element.row] : element.ends.voltage(at);
}

void ShortCircuits::entries(const AuxiliaryPoint&, EntrySink& emit) {
  for (const Element& element : elements_) {
    emit(element.row, element.row, element.idle ? 1 : 0);
    emit.difference(element.row, element.ends, element.idle ? 0 : 1);
  }
}

AuxiliaryUnknown ShortCircuits::unknown(std::uint32_t) const {
  return {.quantity = Quantity::current};
}

std::string ShortCircuits::name(std::uint32_t place) const {
  const Element& element = elements_[place];
  return fmt::format("i({})", circuit_.element_names[circuit_.groups[element.group].names[element.instance]]);
}

}  // namespace memspice
