#include "circuit/element_view.hpp"

#include "base/spelling.hpp"

namespace memspice {

std::uint32_t find_element(const NameTable& elements, std::string_view name) {
  std::uint32_t id = elements.find(name);
  if (id == NameTable::npos && name.find(':') != std::string_view::npos) id = elements.find(with_dots(name));
  if (id != NameTable::npos || name.size() < 3 || name[1] != '.') return id;
  const std::size_t last = name.rfind('.');
  if (last + 1 >= name.size() || name[last + 1] != name[0]) return id;
  return elements.find(name.substr(2));
}

std::vector<ElementPlace> element_places(const Circuit& circuit) {
  using Kind = ElementPlace::Kind;
  std::vector<ElementPlace> places(circuit.element_names.size());
  for (std::uint32_t g = 0; g < circuit.groups.size(); ++g) {
    for (std::uint32_t k = 0; k < circuit.groups[g].count(); ++k)
      places[circuit.groups[g].names[k]] = {Kind::device, g, k};
  }
  const auto add = [&](const auto& elements, Kind kind) {
    for (std::uint32_t i = 0; i < elements.size(); ++i) places[elements[i].name] = {kind, 0, i};
  };
  add(circuit.voltage_sources, Kind::voltage_source);
  add(circuit.current_sources, Kind::current_source);
  add(circuit.behavioural_sources, Kind::behavioural_source);
  add(circuit.switches, Kind::switch_element);
  add(circuit.lines, Kind::line);
  add(circuit.couplings, Kind::coupling);
  return places;
}

}  // namespace memspice
