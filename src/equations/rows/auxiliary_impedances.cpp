// Inductors whose currents are unknowns, tiny resistances, and what is said of resistances.

#include <algorithm>
#include <cmath>
#include <complex>

#include "base/disjoint_sets.hpp"
#include "equations/rows/auxiliary_rows.hpp"

namespace memspice {

void AuxiliaryRows::keep_inductors() {
  struct Pair {
    std::uint32_t row, other;
    double mutual;
  };
  std::vector<Pair> pairs;
  const auto inductance = [&](const ElementPlace& place) {
    const DeviceGroup& group = circuit_.groups[place.group];
    return group
        .parameters[place.index * group.type->parameters.size() + group.type->find_parameter("l").value()];
  };
  const auto row_of = [&](const ElementPlace& place) {
    const auto [plus, minus] = ends(place);
    const auto before = static_cast<std::uint32_t>(rows_.size());
    const std::uint32_t row = add_row(
        {.kind = Kind::inductor, .index = place.index, .part = place.group, .plus = plus, .minus = minus});
    if (row == before) pairs.push_back({row, row, inductance(place)});
    return row;
  };
  for (const CutSets::Inductor& inductor : cut_sets_.inductors)
    row_of(places_[circuit_.groups[inductor.group].names[inductor.instance]]);
  for (const Coupling& coupling : circuit_.couplings) {
    const std::uint32_t a = row_of(places_[coupling.first]);
    const std::uint32_t b = row_of(places_[coupling.second]);
    const double mutual = coupling.coefficient * std::sqrt(inductance(places_[coupling.first]) *
                                                           inductance(places_[coupling.second]));
    pairs.push_back({a, b, mutual});
    pairs.push_back({b, a, mutual});
  }
  std::ranges::stable_sort(pairs, {}, &Pair::row);
  for (const Pair& pair : pairs) {
    Row& row = rows_[pair.row];
    if (row.last_mutual == 0) row.first_mutual = static_cast<std::uint32_t>(mutuals_.size());
    mutuals_.push_back({pair.other, pair.mutual});
    row.last_mutual = static_cast<std::uint32_t>(mutuals_.size());
  }
}

std::vector<AuxiliaryRows::Inductor> AuxiliaryRows::inductors() const {
  std::vector<Inductor> all;
  for (std::uint32_t k = 0; k < rows_.size(); ++k) {
    const Row& row = rows_[k];
    if (row.kind != Kind::inductor) continue;
    double own = 0;
    for (std::uint32_t m = row.first_mutual; m < row.last_mutual; ++m)
      if (mutuals_[m].row == first_ + k) own += mutuals_[m].inductance;
    all.push_back({first_ + k, row.plus, row.minus, own});
  }
  return all;
}

void AuxiliaryRows::keep_tiny_resistances(const TinyResistances& tiny) {
  for (const TinyResistances::Resistor& resistor : tiny.resistors) {
    const DeviceGroup& group = circuit_.groups[resistor.group];
    add_row({.kind = Kind::resistor,
             .index = resistor.index,
             .part = resistor.group,
             .plus = group.nodes[2 * resistor.index],
             .minus = group.nodes[2 * resistor.index + 1],
             .resistance = group.parameters[resistor.index * group.type->parameters.size()]});
  }
  for (const std::uint32_t index : tiny.switches) {
    const Switch& element = circuit_.switches[index];
    add_row({.kind = Kind::switch_current, .index = index, .plus = element.plus, .minus = element.minus});
  }
  close_loops_of_resistors();
}

// In a loop of resistances near the rounding of potentials these say nothing about the current that runs
// around: there the sum of r i takes the place of one v - r i = 0.
void AuxiliaryRows::close_loops_of_resistors() {
  constexpr double near_rounding = 1e-11;  // ohm: what is left of 1 - 1 + r when the rows are eliminated
  std::map<NodeId, std::vector<std::uint32_t>> tree;
  DisjointSets joined(circuit_.node_names.size());
  for (std::uint32_t k = 0; k < rows_.size(); ++k) {
    Row& row = rows_[k];
    if (row.kind != Kind::resistor || std::abs(row.resistance) > near_rounding) continue;
    if (joined.join(row.plus, row.minus)) {
      tree[row.plus].push_back(k);
      tree[row.minus].push_back(k);
      continue;
    }
    std::map<NodeId, std::uint32_t> via;  // the resistor towards the plus node
    std::vector<NodeId> queue{row.plus};
    for (std::size_t next = 0; next < queue.size() && !via.contains(row.minus); ++next) {
      for (const std::uint32_t other : tree[queue[next]]) {
        const NodeId far = rows_[other].plus == queue[next] ? rows_[other].minus : rows_[other].plus;
        if (far != row.plus && via.try_emplace(far, other).second) queue.push_back(far);
      }
    }
    row.first_mutual = static_cast<std::uint32_t>(drops_.size());
    drops_.push_back({k, row.resistance});
    for (NodeId node = row.minus; node != row.plus;) {
      const Row& other = rows_[via.at(node)];
      const bool along = other.plus == node;
      drops_.push_back({via.at(node), along ? other.resistance : -other.resistance});
      node = along ? other.minus : other.plus;
    }
    row.last_mutual = static_cast<std::uint32_t>(drops_.size());
  }
}

void AuxiliaryRows::set_idle_short(std::uint32_t group, std::uint32_t instance) {
  rows_[find(Kind::short_circuit, instance, group)].idle = true;
}
void AuxiliaryRows::set_idle_line(std::uint32_t line) {
  rows_[find(Kind::arriving, line, 0)].idle = true;
}

double AuxiliaryRows::switch_scale(std::uint32_t index) const {
  return std::min(1.0, 1 / switch_conductance(index));
}

std::vector<AuxiliaryRows::Resistor> AuxiliaryRows::resistors() const {
  std::vector<Resistor> all;
  std::map<std::uint32_t, std::size_t> place;  // by row
  for (std::uint32_t k = 0; k < rows_.size(); ++k) {
    if (rows_[k].kind != Kind::resistor) continue;
    place[first_ + k] = all.size();
    all.push_back({rows_[k].part, rows_[k].index, first_ + k, rows_[k].resistance, {}});
    if (rows_[k].last_mutual == 0) all.back().equations.emplace_back(first_ + k, -1.0);
  }
  for (std::uint32_t k = 0; k < rows_.size(); ++k) {
    if (rows_[k].kind != Kind::resistor) continue;
    for (std::uint32_t m = rows_[k].first_mutual; m < rows_[k].last_mutual; ++m) {
      Resistor& resistor = all[place.at(drops_[m].row)];
      resistor.equations.emplace_back(first_ + k, drops_[m].resistance == resistor.resistance ? 1.0 : -1.0);
    }
  }
  return all;
}

// Only what an element's own current makes of its own voltage: what a source gains elsewhere is no
// resistance.
std::vector<std::pair<double, std::uint32_t>> AuxiliaryRows::negative() const {
  std::vector<std::pair<double, std::uint32_t>> found;
  const auto consider = [&](double conductance, std::uint32_t name) {
    if (conductance < 0) found.emplace_back(conductance, name);
  };
  for (const Row& row : rows_)
    if (row.kind == Kind::resistor) consider(1 / row.resistance, circuit_.groups[row.part].names[row.index]);
  for (const BehaviouralSource& source : circuit_.behavioural_sources) {
    const Compiled& compiled = programs_[source.program];
    double slope = 0;
    for (std::size_t i = 0; i < compiled.readings.size(); ++i) {
      const Reading& reading = compiled.readings[i];
      const bool same = reading.plus_node == source.plus && reading.minus_node == source.minus;
      const bool opposite = reading.plus_node == source.minus && reading.minus_node == source.plus;
      if (reading.kind == Reading::Kind::difference && (same || opposite))
        slope += same ? compiled.gradient[i] : -compiled.gradient[i];
    }
    if (!source.voltage) consider(slope, source.name);
  }
  return found;
}

template <class Number>
void AuxiliaryRows::share(const Number* x, const Number* loads, std::vector<Number>& behavioural,
                          std::vector<Number>& switches, std::vector<Number>& ports,
                          std::vector<Number>& leaving) const {
  behavioural.assign(circuit_.behavioural_sources.size(), Number{});
  switches.assign(circuit_.switches.size(), Number{});
  ports.assign(2 * circuit_.lines.size(), Number{});
  const auto leave = [&](NodeId plus, NodeId minus, Number current) {
    leaving[plus] += current;
    leaving[minus] -= current;
  };
  for (std::uint32_t k = 0; k < rows_.size(); ++k) {
    const Row& row = rows_[k];
    const Number current = x[first_ + k];
    if (row.kind == Kind::behavioural_voltage || row.kind == Kind::behavioural_current)
      behavioural[row.index] = current;
    if (row.kind == Kind::switch_current) switches[row.index] = current;
    if (row.kind == Kind::port) ports[2 * row.index + row.part] = current;
    const bool device =
        row.kind == Kind::inductor || row.kind == Kind::short_circuit || row.kind == Kind::resistor;
    if (row.has_current() && !device) leave(row.plus, row.minus, current);
  }
  for (std::size_t k = 0; k < loads_.size(); ++k) {
    (loads_[k].is_switch ? switches : behavioural)[loads_[k].index] = loads[k];
    leave(loads_[k].plus, loads_[k].minus, loads[k]);
  }
}

template void AuxiliaryRows::share(const double*, const double*, std::vector<double>&, std::vector<double>&,
                                   std::vector<double>&, std::vector<double>&) const;
template void AuxiliaryRows::share(const std::complex<double>*, const std::complex<double>*,
                                   std::vector<std::complex<double>>&, std::vector<std::complex<double>>&,
                                   std::vector<std::complex<double>>&,
                                   std::vector<std::complex<double>>&) const;

}  // namespace memspice
