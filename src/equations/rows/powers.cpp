#include "equations/rows/powers.hpp"

#include <fmt/format.h>

namespace memspice {

Reading Powers::power_of(std::uint32_t element, const ElementReading& reading) {
  std::uint32_t number = row({element});
  if (number == no_row) {
    number = add_row({element}, element);
    elements_.push_back({number, {reading.plus, reading.minus}, reading.current});
  }
  return {.kind = Reading::Kind::unknown, .index = number};
}

void Powers::attach(const PotentialForest& forest) {
  for (Element& element : elements_) {
    element.row += numbers_.first;
    element.ends.attach(forest);
    if (element.current.kind == Reading::Kind::unknown) element.current.index += numbers_.first;
  }
}

double Powers::current(const Element& element, const AuxiliaryPoint& at) {
  const bool unknown = element.current.kind == Reading::Kind::unknown;
  return unknown ? at.y[element.current.index] : at.source_current[element.current.index];
}

void Powers::residual(const AuxiliaryPoint& at, double* r) {
  for (const Element& element : elements_)
    r[element.row] = at.y[element.row] - element.ends.voltage(at) * current(element, at);
}

void Powers::entries(const AuxiliaryPoint& at, EntrySink& emit) {
  for (const Element& element : elements_) {
    emit(element.row, element.row, 1);
    emit.difference(element.row, element.ends, -current(element, at));
    if (element.current.kind == Reading::Kind::unknown)
      emit(element.row, element.current.index, -element.ends.voltage(at));
    else
      emit.source_current(element.row, element.current.index, -element.ends.voltage(at));
  }
}

AuxiliaryUnknown Powers::unknown(std::uint32_t) const {
  return {.quantity = Quantity::notype};
}

std::string Powers::name(std::uint32_t place) const {
  return fmt::format("p({})", circuit_.element_names[place]);
}

void Powers::find_expressions(bool, ExpressionPlaces& places) const {
  for (const Element& element : elements_)
    places.powers.push_back(
        {element.row, {.kind = Reading::Kind::difference, .ends = element.ends}, element.current});
}

}  // namespace memspice
