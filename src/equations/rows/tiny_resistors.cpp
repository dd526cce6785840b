#include "equations/rows/tiny_resistors.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/disjoint_sets.hpp"

namespace memspice {

TinyResistors::TinyResistors(RowNumbers& numbers, const Circuit& circuit, const TinyResistances& tiny)
    : RowSet(numbers), circuit_(circuit) {
  for (const TinyResistances::Resistor& resistor : tiny.resistors) {
    const DeviceGroup& group = circuit.groups[resistor.group];
    const Ends ends{group.nodes[2 * resistor.index], group.nodes[2 * resistor.index + 1]};
    const std::uint32_t number =
        add_row({resistor.index, resistor.group}, static_cast<std::uint32_t>(resistors_.size()),
                {.device = true, .ends = ends});
    resistors_.push_back({resistor.group, resistor.index, number, ends, group.parameter(resistor.index, 0)});
  }
  loops_.resize(resistors_.size());
  close_loops();
}

// In a loop of resistances near the rounding of potentials these say nothing about the current that runs
// around: there the sum of r i takes the place of one v - r i = 0.
void TinyResistors::close_loops() {
  constexpr double near_rounding = 1e-11;  // ohm: what is left of 1 - 1 + r when the rows are eliminated
  std::map<NodeId, std::vector<std::uint32_t>> tree;
  DisjointSets joined(circuit_.node_names.size());
  for (std::uint32_t k = 0; k < resistors_.size(); ++k) {
    const Resistor& resistor = resistors_[k];
    if (std::abs(resistor.resistance) > near_rounding) continue;
    if (joined.join(resistor.ends.plus, resistor.ends.minus)) {
      tree[resistor.ends.plus].push_back(k);
      tree[resistor.ends.minus].push_back(k);
      continue;
    }
    loops_[k] = {{k, resistor.resistance}};
    const std::vector<Drop> others = path(tree, resistor);
    loops_[k].insert(loops_[k].end(), others.begin(), others.end());
  }
}

std::vector<TinyResistors::Drop> TinyResistors::path(const std::map<NodeId, std::vector<std::uint32_t>>& tree,
                                                     const Resistor& across) const {
  const NodeId plus = across.ends.plus;
  std::map<NodeId, std::uint32_t> via;  // the resistor towards the plus node
  std::vector<NodeId> queue{plus};
  for (std::size_t next = 0; next < queue.size() && !via.contains(across.ends.minus); ++next) {
    const auto here = tree.find(queue[next]);
    if (here == tree.end()) continue;
    for (const std::uint32_t other : here->second) {
      const Ends& ends = resistors_[other].ends;
      const NodeId far = ends.plus == queue[next] ? ends.minus : ends.plus;
      if (far != plus && via.try_emplace(far, other).second) queue.push_back(far);
    }
  }
  std::vector<Drop> drops;
  for (NodeId node = across.ends.minus; node != plus;) {
    const Resistor& other = resistors_[via.at(node)];
    const bool along = other.ends.plus == node;
    drops.push_back({via.at(node), along ? other.resistance : -other.resistance});
    node = along ? other.ends.minus : other.ends.plus;
  }
  return drops;
}

std::optional<ElementReading> TinyResistors::current_of(const ElementPlace& place) {
  if (place.kind != ElementPlace::Kind::device) return {};
  const std::uint32_t known = row_of(place.group, place.index);
  if (known == no_row) return {};
  const NodeId* nodes = circuit_.groups[place.group].nodes.data() + 2 * place.index;
  return ElementReading{{.kind = Reading::Kind::unknown, .index = known}, nodes[0], nodes[1]};
}

void TinyResistors::attach(const PotentialForest& forest) {
  for (std::size_t k = 0; k < resistors_.size(); ++k) {
    Resistor& resistor = resistors_[k];
    resistor.row += numbers_.first;
    resistor.ends.attach(forest);
    if (loops_[k].empty()) resistor.equations.emplace_back(resistor.row, -1.0);
  }
  for (std::size_t k = 0; k < resistors_.size(); ++k) {
    for (const Drop& drop : loops_[k]) {
      Resistor& resistor = resistors_[drop.resistor];
      resistor.equations.emplace_back(resistors_[k].row, drop.resistance == resistor.resistance ? 1.0 : -1.0);
    }
  }
}

void TinyResistors::residual(const AuxiliaryPoint& at, double* r) {
  for (std::size_t k = 0; k < resistors_.size(); ++k) {
    const Resistor& resistor = resistors_[k];
    if (loops_[k].empty())
      r[resistor.row] = resistor.ends.voltage(at) - resistor.resistance * at.y[resistor.row];
    for (const Drop& drop : loops_[k])
      r[resistor.row] += drop.resistance * at.y[resistors_[drop.resistor].row];
  }
}

void TinyResistors::entries(const AuxiliaryPoint&, EntrySink& emit) {
  for (std::size_t k = 0; k < resistors_.size(); ++k) {
    const Resistor& resistor = resistors_[k];
    if (loops_[k].empty()) {
      emit(resistor.row, resistor.row, -resistor.resistance);
      emit.difference(resistor.row, resistor.ends, 1);
    }
    for (const Drop& drop : loops_[k]) emit(resistor.row, resistors_[drop.resistor].row, drop.resistance);
  }
}

AuxiliaryUnknown TinyResistors::unknown(std::uint32_t) const {
  return {.quantity = Quantity::current};
}

std::string TinyResistors::name(std::uint32_t place) const {
  const Resistor& resistor = resistors_[place];
  return fmt::format("i({})",
                     circuit_.element_names[circuit_.groups[resistor.group].names[resistor.instance]]);
}

// What has a current as its unknown has a noise voltage in that current's equation.
void TinyResistors::find_noise(std::vector<NoiseSource>& sources) const {
  for (const Resistor& resistor : resistors_)
    sources.push_back({circuit_.groups[resistor.group].names[resistor.instance], "thermal", resistor.row, 0});
}

void TinyResistors::noise_densities(const AuxiliaryPoint&, double kelvin, std::vector<double>& density) {
  for (const Resistor& resistor : resistors_) density.push_back(thermal_noise(kelvin, resistor.resistance));
}

void TinyResistors::find_negative(std::vector<std::pair<double, std::uint32_t>>& found) const {
  for (const Resistor& resistor : resistors_)
    if (1 / resistor.resistance < 0)
      found.emplace_back(1 / resistor.resistance, circuit_.groups[resistor.group].names[resistor.instance]);
}

}  // namespace memspice
