#include "convert/element_index.hpp"

#include <fmt/format.h>

namespace memspice::convert {

namespace {

bool known(const DeviceType& type) {
  if (type.form.equations || std::string_view("dqmjz").find(type.letter) != std::string_view::npos)
    return true;
  return type.level == 1 && std::string_view("rcl").find(type.letter) != std::string_view::npos;
}

}  // namespace

std::vector<Element> index_elements(const Circuit& circuit) {
  std::vector<Element> elements(circuit.element_names.size());
  for (const DeviceGroup& group : circuit.groups) {
    if (!known(*group.type))
      throw DeckError(diagnose(*circuit.sources, group.where.front(), 1,
                               fmt::format("convert has no counterpart for a {}", group.type->name)));
    const std::size_t terminals = group.type->terminals.size();
    for (std::size_t k = 0; k < group.count(); ++k)
      elements[group.names[k]] = {.name = group.names[k],
                                  .group = &group,
                                  .instance = k,
                                  .letter = group.type->form.equations ? 'y' : group.type->letter,
                                  .plus = group.nodes[k * terminals],
                                  .minus = group.nodes[k * terminals + 1]};
  }
  const auto add = [&](const std::vector<Source>& sources, char letter) {
    for (const Source& source : sources)
      elements[source.name] = {.name = source.name,
                               .source = &source,
                               .letter = letter,
                               .plus = source.plus,
                               .minus = source.minus};
  };
  add(circuit.voltage_sources, 'v');
  add(circuit.current_sources, 'i');
  for (const BehaviouralSource& source : circuit.behavioural_sources)
    elements[source.name] = {.name = source.name,
                             .behavioural = &source,
                             .letter = 'b',
                             .plus = source.plus,
                             .minus = source.minus};
  for (const Switch& element : circuit.switches)
    elements[element.name] = {.name = element.name,
                              .switch_element = &element,
                              .letter = 's',
                              .plus = element.plus,
                              .minus = element.minus};
  for (const TransmissionLine& line : circuit.lines)
    elements[line.name] = {
        .name = line.name, .line = &line, .letter = 't', .plus = line.nodes[0], .minus = line.nodes[1]};
  for (const Coupling& coupling : circuit.couplings)
    elements[coupling.name] = {.name = coupling.name, .letter = 'k'};
  return elements;
}

}  // namespace memspice::convert
