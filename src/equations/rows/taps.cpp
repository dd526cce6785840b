#include "equations/rows/taps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace memspice {

Reading Taps::add(const ElementPlace& place, Tap::Kind kind, std::uint32_t index) {
  const Key key{place.index, place.group, static_cast<std::uint32_t>(kind) * 1000 + index};
  std::uint32_t number = row(key);
  if (number == no_row) {
    number = add_row(key, static_cast<std::uint32_t>(taps_.size()));
    taps_.push_back({.row = number,
                     .group = place.group,
                     .tap = {.kind = kind, .instance = place.index, .index = index}});
    names_.push_back(circuit_.groups[place.group].names[place.index]);
  }
  return {.kind = Reading::Kind::unknown, .index = number};
}

std::optional<Reading> Taps::quantity(const ElementPlace& place, std::string_view name) {
  if (place.kind != ElementPlace::Kind::device) return {};
  const DeviceType& type = *circuit_.groups[place.group].type;
  for (std::uint32_t j = 0; j < type.unknowns.size(); ++j)
    if (type.unknowns[j].name == name) return add(place, Tap::Kind::unknown, j);
  for (std::uint32_t j = 0; j < type.observables.size(); ++j)
    if (type.observables[j].name == name) return add(place, Tap::Kind::observable, j);
  return {};
}

std::optional<ElementReading> Taps::current_of(const ElementPlace& place) {
  if (place.kind != ElementPlace::Kind::device) return {};
  const DeviceGroup& group = circuit_.groups[place.group];
  const NodeId* nodes = group.nodes.data() + place.index * group.type->terminals.size();
  const auto [plus, minus] = group.type->branches.front();
  return ElementReading{add(place, Tap::Kind::current, 0), nodes[plus], nodes[minus]};
}

void Taps::attach(const PotentialForest&) {
  for (TapRow& tap : taps_) tap.row += numbers_.first;
}

void Taps::attach(std::uint32_t group, const Population& population,
                  const std::vector<std::uint32_t>& position) {
  for (TapRow& row : taps_) {
    if (row.group != group) continue;
    const DeviceType& type = *circuit_.groups[group].type;
    by_voltage_.resize(std::max(by_voltage_.size(), type.branches.size()));
    by_unknown_.resize(std::max(by_unknown_.size(), type.unknowns.size()));
    row.population = &population;
    if (!position.empty()) row.tap.instance = position[row.tap.instance];
  }
}

void Taps::residual(const AuxiliaryPoint& at, double* r) {
  const EvaluationPoint point{at.y, at.derivative, 1, at.hold, at.elapsed};
  for (const TapRow& row : taps_)
    r[row.row] =
        at.y[row.row] - row.population->tap(point, 0, row.tap, by_voltage_.data(), by_unknown_.data());
}

void Taps::entries(const AuxiliaryPoint&, EntrySink& emit) {
  for (const TapRow& row : taps_) emit(row.row, row.row, 1);
}

AuxiliaryUnknown Taps::unknown(std::uint32_t) const {
  return {.quantity = Quantity::notype};
}

std::string Taps::name(std::uint32_t place) const {
  return fmt::format("a quantity of {}", circuit_.element_names[names_[place]]);
}

}  // namespace memspice
