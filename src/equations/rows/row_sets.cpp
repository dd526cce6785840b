#include "equations/rows/row_sets.hpp"

#include <fmt/format.h>

namespace memspice {

RowSets::RowSets(const Circuit& circuit, bool at_rest, const CutSets& cut_sets, const TinyResistances& tiny,
                 const std::vector<ElementPlace>& places)
    : expressions(circuit),
      inductors(numbers, circuit, cut_sets, places, at_rest),
      resistors(numbers, circuit, tiny),
      switches(numbers, circuit, expressions, tiny),
      controlled_sources(numbers, circuit, expressions),
      lines(numbers, circuit, at_rest),
      integrals(numbers, circuit, expressions),
      sources(numbers, circuit),
      short_circuits(numbers, circuit, at_rest),
      powers(numbers, circuit),
      taps(numbers, circuit) {
  expressions.connect([&](const Probe& probe) { return find(circuit, places, probe); });
  for (RowSet* set : all) set->add_loads();
}

Reading RowSets::find(const Circuit& circuit, const std::vector<ElementPlace>& places, const Probe& probe) {
  switch (probe.kind) {
    case Probe::Kind::voltage:
      return {.kind = Reading::Kind::difference, .ends = {probe.plus, probe.minus}};
    case Probe::Kind::time:
      return {.kind = Reading::Kind::time};
    case Probe::Kind::frequency:
      return {.kind = Reading::Kind::frequency};
    case Probe::Kind::integral:
    case Probe::Kind::derivative:
      return integrals.reading(probe.auxiliary);
    case Probe::Kind::element:
      break;
  }
  const ElementPlace& place = places[probe.element];
  if (probe.accessor == "i") return current_of(circuit, place, probe.element).current;
  if (probe.accessor == "p") return powers.power_of(probe.element, current_of(circuit, place, probe.element));
  if (const std::optional<Reading> quantity = taps.quantity(place, probe.accessor)) return *quantity;
  throw SimulationError(fmt::format("an expression reads {}({}), which it cannot", probe.accessor,
                                    circuit.element_names[probe.element]));
}

ElementReading RowSets::current_of(const Circuit& circuit, const ElementPlace& place,
                                   std::uint32_t name) const {
  for (RowSet* set : all)
    if (const std::optional<ElementReading> reading = set->current_of(place)) return *reading;
  throw SimulationError(
      fmt::format("an expression reads the current of '{}', which has none", circuit.element_names[name]));
}

}  // namespace memspice
