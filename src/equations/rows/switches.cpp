#include "equations/rows/switches.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memspice {

Switches::Switches(RowNumbers& numbers, const Circuit& circuit, Expressions& expressions,
                   const TinyResistances& tiny)
    : RowSet(numbers), circuit_(circuit), expressions_(expressions) {
  for (const Switch& element : circuit.switches) closed_.push_back(element.initially_on ? 1 : 0);
  for (const std::uint32_t index : tiny.switches) keep(index);
}

Switches::Element Switches::element(std::uint32_t index) const {
  const Switch& element = circuit_.switches[index];
  return {.index = index, .ends = {element.plus, element.minus}};
}

ElementCurrent Switches::current(const Element& element) {
  return {.list = ElementCurrent::List::switches, .index = element.index, .ends = element.ends};
}

std::uint32_t Switches::keep(std::uint32_t index) {
  if (const std::uint32_t known = row({index}); known != no_row) return known;
  unknowns_.push_back(element(index));
  return unknowns_.back().row = add_row({index}, index, current(unknowns_.back()));
}

std::optional<ElementReading> Switches::current_of(const ElementPlace& place) {
  if (place.kind != ElementPlace::Kind::switch_element) return {};
  const Switch& element = circuit_.switches[place.index];
  return ElementReading{
      {.kind = Reading::Kind::unknown, .index = keep(place.index)}, element.plus, element.minus};
}

void Switches::add_loads() {
  for (std::uint32_t i = 0; i < circuit_.switches.size(); ++i) {
    if (row({i}) != no_row) continue;
    loads_.push_back(element(i));
    loads_.back().row = static_cast<std::uint32_t>(numbers_.loads.size());
    numbers_.loads.push_back(current(loads_.back()));
  }
}

void Switches::attach(const PotentialForest& forest) {
  for (Element& element : unknowns_) {
    element.row += numbers_.first;
    element.ends.attach(forest);
  }
  for (Element& element : loads_) element.ends.attach(forest);
}

double Switches::conductance(std::uint32_t index) const {
  const Switch& element = circuit_.switches[index];
  return 1 / (closed_[index] != 0 ? element.on_resistance : element.off_resistance);
}

double Switches::scale(std::uint32_t index) const {
  return std::min(1.0, 1 / conductance(index));
}

void Switches::residual(const AuxiliaryPoint& at, double* r) {
  for (const Element& element : unknowns_)
    r[element.row] =
        scale(element.index) * (at.y[element.row] - conductance(element.index) * element.ends.voltage(at));
}

void Switches::entries(const AuxiliaryPoint&, EntrySink& emit) {
  for (const Element& element : unknowns_) {
    const double s = scale(element.index);
    emit(element.row, element.row, s);
    emit.difference(element.row, element.ends, -s * conductance(element.index));
  }
  for (const Element& element : loads_) {
    const double g = conductance(element.index);
    emit.difference(element.ends.plus_row, element.ends, g);
    emit.difference(element.ends.minus_row, element.ends, -g);
  }
}

void Switches::load_currents(const AuxiliaryPoint& at, double* current) {
  for (const Element& element : loads_)
    current[element.row] = conductance(element.index) * element.ends.voltage(at);
}

void Switches::load_entries(const AuxiliaryPoint&, EntrySink& emit) {
  for (const Element& element : loads_)
    emit.difference(element.row, element.ends, conductance(element.index));
}

AuxiliaryUnknown Switches::unknown(std::uint32_t) const {
  return {.quantity = Quantity::current};
}

std::string Switches::name(std::uint32_t place) const {
  return fmt::format("i({})", circuit_.element_names[circuit_.switches[place].name]);
}

// In the order of the circuit. What has a current as its unknown has a noise voltage in that current's
// equation, which is `scale` times that of the element.
void Switches::find_noise(std::vector<NoiseSource>& sources) const {
  const std::size_t first = sources.size();
  sources.resize(first + circuit_.switches.size());
  const auto put = [&](const Element& element, std::uint32_t plus, std::uint32_t minus) {
    sources[first + element.index] = {circuit_.switches[element.index].name, "thermal", plus, minus};
  };
  for (const Element& element : unknowns_) put(element, element.row, 0);
  for (const Element& element : loads_) put(element, element.ends.plus_row, element.ends.minus_row);
}

void Switches::noise_densities(const AuxiliaryPoint&, double kelvin, std::vector<double>& density) {
  for (std::uint32_t i = 0; i < circuit_.switches.size(); ++i) {
    const double s = row({i}) != no_row ? scale(i) : 1;
    density.push_back(s * s * thermal_noise(kelvin, conductance(i)));
  }
}

bool Switches::closes(std::uint32_t index, const AuxiliaryPoint& at) {
  const Switch& element = circuit_.switches[index];
  const double control = expressions_.value(element.control, at);
  double band = element.hysteresis;
  if (band == 0 && decided_) {  // at the threshold every rounding would switch
    const std::vector<double>& slopes = expressions_.gradient(element.control, at);
    const std::vector<double>& tolerance = expressions_.tolerances(element.control);
    for (std::size_t j = 0; j < slopes.size(); ++j) band += std::abs(slopes[j]) * tolerance[j];
  }
  if (control > element.threshold + band) return true;
  if (control < element.threshold - band) return false;
  return closed_[index] != 0;
}

void Switches::event_arguments(const AuxiliaryPoint& at, std::vector<double>& arguments) {
  for (std::uint32_t i = 0; i < closed_.size(); ++i) {
    const Switch& element = circuit_.switches[i];
    const double band = closed_[i] != 0 ? -element.hysteresis : element.hysteresis;
    arguments.push_back(expressions_.value(element.control, at) - element.threshold - band);
  }
}

bool Switches::changed(const AuxiliaryPoint& at) {
  for (std::uint32_t i = 0; i < closed_.size(); ++i)
    if (closes(i, at) != (closed_[i] != 0)) return true;
  return false;
}

bool Switches::decide(const AuxiliaryPoint& at) {
  std::vector<std::uint8_t> closed(closed_.size());
  for (std::uint32_t i = 0; i < closed_.size(); ++i) closed[i] = closes(i, at) ? 1 : 0;
  decided_ = true;
  closed_.swap(closed);
  return closed != closed_;
}

void Switches::adopt(const Modes& other) {
  const auto& same = static_cast<const Switches&>(other);
  closed_ = same.closed_;
  decided_ = same.decided_;
}

void Switches::exchange(Archive& archive) {
  archive(decided_);
  archive(closed_);
}

}  // namespace memspice
