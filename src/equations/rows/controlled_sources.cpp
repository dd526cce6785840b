#include "equations/rows/controlled_sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memspice {

ControlledSources::ControlledSources(RowNumbers& numbers, const Circuit& circuit, Expressions& expressions)
    : RowSet(numbers), circuit_(circuit), expressions_(expressions) {
  for (std::uint32_t i = 0; i < circuit.behavioural_sources.size(); ++i) {
    if (!circuit.behavioural_sources[i].voltage) continue;
    voltages_.push_back(element(i));
    voltages_.back().row = add_row({i}, i, current(voltages_.back()));
  }
}

ControlledSources::Element ControlledSources::element(std::uint32_t i) const {
  const BehaviouralSource& source = circuit_.behavioural_sources[i];
  return {.source = i, .program = source.program, .ends = {source.plus, source.minus}};
}

ElementCurrent ControlledSources::current(const Element& element) {
  return {.list = ElementCurrent::List::behavioural, .index = element.source, .ends = element.ends};
}

std::optional<ElementReading> ControlledSources::current_of(const ElementPlace& place) {
  if (place.kind != ElementPlace::Kind::behavioural_source) return {};
  const Element read = element(place.index);
  std::uint32_t number = row({place.index});
  if (number == no_row) {
    number = add_row({place.index}, place.index, current(read));
    read_currents_.push_back(read);
    read_currents_.back().row = number;
  }
  return ElementReading{{.kind = Reading::Kind::unknown, .index = number}, read.ends.plus, read.ends.minus};
}

void ControlledSources::add_loads() {
  for (std::uint32_t i = 0; i < circuit_.behavioural_sources.size(); ++i) {
    if (row({i}) != no_row) continue;
    loads_.push_back(element(i));
    loads_.back().row = static_cast<std::uint32_t>(numbers_.loads.size());
    numbers_.loads.push_back(current(loads_.back()));
  }
}

void ControlledSources::attach(const PotentialForest& forest) {
  for (std::vector<Element>* elements : {&voltages_, &read_currents_, &loads_}) {
    for (Element& element : *elements) {
      element.ends.attach(forest);
      if (elements != &loads_) element.row += numbers_.first;
    }
  }
}

void ControlledSources::residual(const AuxiliaryPoint& at, double* r) {
  for (const Element& element : voltages_)
    r[element.row] = element.ends.voltage(at) - at.factor * expressions_.value(element.program, at);
  for (const Element& element : read_currents_)
    r[element.row] = at.y[element.row] - at.factor * expressions_.value(element.program, at);
}

void ControlledSources::entries(const AuxiliaryPoint& at, EntrySink& emit) {
  for (const Element& element : voltages_) {
    emit.difference(element.row, element.ends, 1);
    expressions_.entries(element.program, element.row, -at.factor, at, emit);
  }
  for (const Element& element : read_currents_) {
    emit(element.row, element.row, 1);
    expressions_.entries(element.program, element.row, -at.factor, at, emit);
  }
  for (const Element& element : loads_)
    expressions_.entries(element.program, element.ends.plus_row, at.factor, at, emit, element.ends.minus_row);
}

void ControlledSources::load_currents(const AuxiliaryPoint& at, double* current) {
  for (const Element& element : loads_)
    current[element.row] = at.factor * expressions_.value(element.program, at);
}

void ControlledSources::load_entries(const AuxiliaryPoint& at, EntrySink& emit) {
  for (const Element& element : loads_)
    expressions_.entries(element.program, element.row, at.factor, at, emit);
}

AuxiliaryUnknown ControlledSources::unknown(std::uint32_t) const {
  return {.quantity = Quantity::current};
}

std::string ControlledSources::name(std::uint32_t place) const {
  return fmt::format("i({})", circuit_.element_names[circuit_.behavioural_sources[place].name]);
}

void ControlledSources::find_expressions(bool, ExpressionPlaces& places) const {
  const auto add = [&](const Element& element, std::uint32_t plus, std::uint32_t minus, double sign) {
    places.programs.push_back({.program = element.program,
                               .plus = plus,
                               .minus = minus,
                               .sign = sign,
                               .source = element.source,
                               .per_gain = circuit_.behavioural_sources[element.source].per_gain});
  };
  for (const Element& element : voltages_) add(element, element.row, 0, -1);
  for (const Element& element : read_currents_) add(element, element.row, 0, -1);
  for (const Element& element : loads_) add(element, element.ends.plus_row, element.ends.minus_row, 1);
}

// In the order of the circuit, whatever has an unknown of its own.
void ControlledSources::find_noise(std::vector<NoiseSource>& sources) const {
  std::vector<const Ends*> ends(circuit_.behavioural_sources.size(), nullptr);
  for (const std::vector<Element>* elements : {&voltages_, &read_currents_, &loads_})
    for (const Element& element : *elements) ends[element.source] = &element.ends;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const BehaviouralSource& source = circuit_.behavioural_sources[i];
    if (source.resistance != BehaviouralSource::noiseless)
      sources.push_back({source.name, "thermal", ends[i]->plus_row, ends[i]->minus_row});
  }
}

void ControlledSources::noise_densities(const AuxiliaryPoint& at, double kelvin,
                                        std::vector<double>& density) {
  for (const BehaviouralSource& source : circuit_.behavioural_sources)
    if (source.resistance != BehaviouralSource::noiseless)
      density.push_back(thermal_noise(kelvin, 1 / expressions_.value(source.resistance, at)));
}

// Only what an element's own current makes of its own voltage: what a source gains elsewhere is no
// resistance.
void ControlledSources::find_negative(std::vector<std::pair<double, std::uint32_t>>& found) const {
  for (const BehaviouralSource& source : circuit_.behavioural_sources) {
    if (source.voltage) continue;
    const std::vector<Reading>& readings = expressions_.readings(source.program);
    const std::vector<double>& gradient = expressions_.last_gradient(source.program);
    double slope = 0;
    for (std::size_t i = 0; i < readings.size(); ++i) {
      const Ends& ends = readings[i].ends;
      const bool same = ends.plus == source.plus && ends.minus == source.minus;
      const bool opposite = ends.plus == source.minus && ends.minus == source.plus;
      if (readings[i].kind == Reading::Kind::difference && (same || opposite))
        slope += same ? gradient[i] : -gradient[i];
    }
    if (slope < 0) found.emplace_back(slope, source.name);
  }
}

}  // namespace memspice
