#include "equations/rows/auxiliary_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace memspice {

// Numbering.

AuxiliaryRows::AuxiliaryRows(const Circuit& circuit, bool at_rest, bool keep_cut_sets)
    : circuit_(circuit), at_rest_(at_rest) {
  const TinyResistances tiny = tiny_resistances(circuit);
  if (keep_cut_sets) cut_sets_ = find_cut_sets(circuit);
  if (circuit.programs.empty() && circuit.couplings.empty() && circuit.lines.empty() &&
      tiny.resistors.empty() && cut_sets_.inductors.empty())
    return;
  places_ = element_places(circuit);
  if (!at_rest) keep_inductors();
  keep_tiny_resistances(tiny);
  for (std::uint32_t i = 0; i < circuit.behavioural_sources.size(); ++i) {
    const BehaviouralSource& source = circuit.behavioural_sources[i];
    if (source.voltage)
      add_row({.kind = Kind::behavioural_voltage, .index = i, .plus = source.plus, .minus = source.minus});
  }
  first_line_row_ = static_cast<std::uint32_t>(rows_.size());
  for (std::uint32_t i = 0; i < circuit.lines.size(); ++i) add_line(i);
  for (std::uint32_t i = 0; i < circuit.auxiliaries.size(); ++i)
    add_row({.kind = circuit.auxiliaries[i].integral ? Kind::integral : Kind::derivative, .index = i});
  read_programs();
  for (std::uint32_t i = 0; i < circuit.behavioural_sources.size(); ++i) {
    const BehaviouralSource& source = circuit.behavioural_sources[i];
    if (!source.voltage && find(Kind::behavioural_current, i) == npos)
      loads_.push_back({.is_switch = false, .index = i, .plus = source.plus, .minus = source.minus});
  }
  closed_.resize(circuit.switches.size());
  for (std::uint32_t i = 0; i < circuit.switches.size(); ++i) {
    const Switch& element = circuit.switches[i];
    closed_[i] = element.initially_on ? 1 : 0;
    if (find(Kind::switch_current, i) == npos)
      loads_.push_back({.is_switch = true, .index = i, .plus = element.plus, .minus = element.minus});
  }
}

std::uint32_t AuxiliaryRows::add_row(const Row& row, std::uint32_t key) {
  const auto number = static_cast<std::uint32_t>(rows_.size());
  const auto [entry, fresh] = row_numbers_.try_emplace({row.kind, row.index, row.part, key}, number);
  if (fresh) rows_.push_back(row);
  return entry->second;
}

std::uint32_t AuxiliaryRows::find(Kind kind, std::uint32_t index, std::uint32_t part) const {
  const auto found = row_numbers_.find({kind, index, part, 0});
  return found == row_numbers_.end() ? npos : found->second;
}

void AuxiliaryRows::read_programs() {
  programs_.resize(circuit_.programs.size());
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    Compiled& compiled = programs_[i];
    compiled.program = &circuit_.programs[i];
    for (const Probe& probe : compiled.program->inputs()) {
      compiled.readings.push_back(reading(probe));
      compiled.tolerance.push_back(tolerance(probe));
      depends_on_time_ |= probe.kind == Probe::Kind::time;
    }
    compiled.x.resize(compiled.readings.size());
    compiled.gradient.resize(compiled.readings.size());
    for (auto* list : {&compiled.modes, &compiled.argument, &compiled.decided})
      list->resize(compiled.program->events());
  }
}

// How well an input of an expression is known, absolutely.
double AuxiliaryRows::tolerance(const Probe& probe) const {
  switch (probe.kind) {
    case Probe::Kind::time:
    case Probe::Kind::frequency:
      return 0;
    case Probe::Kind::element:
      return probe.accessor == "i" ? circuit_.options.current_tolerance()
                                   : circuit_.options.state_tolerance();
    default:
      return circuit_.options.voltage_tolerance();
  }
}

AuxiliaryRows::Reading AuxiliaryRows::reading(const Probe& probe) {
  using From = Reading::Kind;
  switch (probe.kind) {
    case Probe::Kind::voltage:
      return {.kind = From::difference, .plus_node = probe.plus, .minus_node = probe.minus};
    case Probe::Kind::element:
      return element_reading(probe);
    case Probe::Kind::time:
      return {.kind = From::time};
    case Probe::Kind::frequency:
      return {.kind = From::frequency};
    case Probe::Kind::integral:
      return {.kind = From::unknown, .plus = find(Kind::integral, probe.auxiliary)};
    case Probe::Kind::derivative:
      return {.kind = From::derivative, .plus = find(Kind::derivative, probe.auxiliary)};
  }
  return {};
}

AuxiliaryRows::Reading AuxiliaryRows::element_reading(const Probe& probe) {
  const ElementPlace& place = places_[probe.element];
  if (probe.accessor == "i") return current_of(probe.element);
  if (probe.accessor == "p") {
    const auto [plus, minus] = ends(place);
    const Reading current = current_of(probe.element);
    const bool known = current.kind == Reading::Kind::source_current;
    return {.kind = Reading::Kind::unknown,
            .plus = add_row({.kind = Kind::power,
                             .index = probe.element,
                             .part = known ? current.plus : 0,
                             .plus = plus,
                             .minus = minus,
                             .current = known ? npos : current.plus})};
  }
  if (place.kind == ElementPlace::Kind::device) {
    const DeviceType& type = *circuit_.groups[place.group].type;
    for (std::uint32_t j = 0; j < type.unknowns.size(); ++j)
      if (type.unknowns[j].name == probe.accessor)
        return {.kind = Reading::Kind::unknown, .plus = tap_row(place, Tap::Kind::unknown, j)};
    for (std::uint32_t j = 0; j < type.observables.size(); ++j)
      if (type.observables[j].name == probe.accessor)
        return {.kind = Reading::Kind::unknown, .plus = tap_row(place, Tap::Kind::observable, j)};
  }
  throw SimulationError(fmt::format("an expression reads {}({}), which it cannot", probe.accessor,
                                    circuit_.element_names[probe.element]));
}

AuxiliaryRows::Reading AuxiliaryRows::current_of(std::uint32_t name) {
  const ElementPlace& place = places_[name];
  const auto unknown = [](std::uint32_t row) { return Reading{.kind = Reading::Kind::unknown, .plus = row}; };
  const auto [plus, minus] = ends(place);
  switch (place.kind) {
    case ElementPlace::Kind::voltage_source:
      return unknown(add_row({.kind = Kind::source, .index = place.index, .plus = plus, .minus = minus}));
    case ElementPlace::Kind::current_source:
      return {.kind = Reading::Kind::source_current, .plus = place.index};
    case ElementPlace::Kind::behavioural_source:
      if (circuit_.behavioural_sources[place.index].voltage)
        return unknown(find(Kind::behavioural_voltage, place.index));
      return unknown(
          add_row({.kind = Kind::behavioural_current, .index = place.index, .plus = plus, .minus = minus}));
    case ElementPlace::Kind::switch_element:
      return unknown(
          add_row({.kind = Kind::switch_current, .index = place.index, .plus = plus, .minus = minus}));
    case ElementPlace::Kind::line:
      return unknown(find(Kind::port, place.index, 0));
    case ElementPlace::Kind::device:
      for (const Kind kind : {Kind::inductor, Kind::resistor})
        if (const std::uint32_t row = find(kind, place.index, place.group); row != npos) return unknown(row);
      if (is_short(place))
        return unknown(add_row({.kind = Kind::short_circuit,
                                .index = place.index,
                                .part = place.group,
                                .plus = plus,
                                .minus = minus}));
      return unknown(tap_row(place, Tap::Kind::current, 0));
    default:
      throw SimulationError(fmt::format("an expression reads the current of '{}', which has none",
                                        circuit_.element_names[name]));
  }
}

std::pair<NodeId, NodeId> AuxiliaryRows::ends(const ElementPlace& place) const {
  const auto both = [](const auto& element) { return std::pair(element.plus, element.minus); };
  switch (place.kind) {
    case ElementPlace::Kind::voltage_source:
      return both(circuit_.voltage_sources[place.index]);
    case ElementPlace::Kind::current_source:
      return both(circuit_.current_sources[place.index]);
    case ElementPlace::Kind::behavioural_source:
      return both(circuit_.behavioural_sources[place.index]);
    case ElementPlace::Kind::switch_element:
      return both(circuit_.switches[place.index]);
    case ElementPlace::Kind::line:
      return {circuit_.lines[place.index].nodes[0], circuit_.lines[place.index].nodes[1]};
    case ElementPlace::Kind::device: {
      const DeviceGroup& group = circuit_.groups[place.group];
      const NodeId* nodes = group.nodes.data() + place.index * group.type->terminals.size();
      const auto [plus, minus] = group.type->branches.front();
      return {nodes[plus], nodes[minus]};
    }
    default:
      return {ground, ground};
  }
}

bool AuxiliaryRows::is_short(const ElementPlace& place) const {
  const DeviceGroup& group = circuit_.groups[place.group];
  if (group.type->short_at_dc) return at_rest_;
  return group.has_no_resistance(place.index);
}

std::uint32_t AuxiliaryRows::tap_row(const ElementPlace& place, Tap::Kind kind, std::uint32_t index) {
  const auto before = static_cast<std::uint32_t>(rows_.size());
  const std::uint32_t row = add_row({.kind = Kind::tap, .index = place.index, .part = place.group},
                                    static_cast<std::uint32_t>(kind) * 1000 + index + 1);
  if (row == before)
    taps_.push_back(
        {.row = row, .group = place.group, .tap = {.kind = kind, .instance = place.index, .index = index}});
  return row;
}

bool AuxiliaryRows::keeps_source(std::uint32_t voltage_source) const {
  return find(Kind::source, voltage_source) != npos;
}
bool AuxiliaryRows::keeps_short(std::uint32_t group, std::uint32_t instance) const {
  return find(Kind::short_circuit, instance, group) != npos;
}
bool AuxiliaryRows::replaces(std::uint32_t group, std::uint32_t instance) const {
  return find(Kind::inductor, instance, group) != npos || find(Kind::resistor, instance, group) != npos;
}

void AuxiliaryRows::attach(const PotentialForest& forest, std::size_t first) {
  first_ = static_cast<std::uint32_t>(first);
  for (Row& row : rows_) {
    row.plus_row = forest.row(row.plus);
    row.minus_row = forest.row(row.minus);
    if (row.kind == Kind::power && row.current != npos) row.current += first_;
  }
  for (Mutual& mutual : mutuals_) mutual.row += first_;
  for (Drop& drop : drops_) drop.row += first_;
  for (TapRow& tap : taps_) tap.row += first_;
  for (Load& element : loads_) {
    element.plus_row = forest.row(element.plus);
    element.minus_row = forest.row(element.minus);
  }
  for (Compiled& compiled : programs_) {
    for (Reading& reading : compiled.readings) {
      if (reading.kind == Reading::Kind::difference) {
        reading.plus = forest.row(reading.plus_node);
        reading.minus = forest.row(reading.minus_node);
      } else if (reading.kind == Reading::Kind::unknown || reading.kind == Reading::Kind::derivative) {
        reading.plus += first_;
      }
    }
  }
}

void AuxiliaryRows::attach_taps(std::uint32_t group, const Population& population,
                                const std::vector<std::uint32_t>& position) {
  for (TapRow& row : taps_) {
    if (row.group != group) continue;
    row.population = &population;
    if (!position.empty()) row.tap.instance = position[row.tap.instance];
  }
}

// Evaluation.

double AuxiliaryRows::read(const Reading& reading, const AuxiliaryPoint& at) const {
  switch (reading.kind) {
    case Reading::Kind::difference:
      return at.y[reading.plus] - at.y[reading.minus] + at.offset[reading.plus_node] -
             at.offset[reading.minus_node];
    case Reading::Kind::unknown:
      return at.y[reading.plus];
    case Reading::Kind::derivative:
      return at.hold ? 0 : at.derivative[reading.plus];
    case Reading::Kind::time:
      return at.t;
    case Reading::Kind::frequency:
      return frequency_;
    case Reading::Kind::source_current:
      return at.source_current[reading.plus];
  }
  return 0;
}

bool AuxiliaryRows::evaluate(Compiled& compiled, const AuxiliaryPoint& at, double& value) {
  for (std::size_t i = 0; i < compiled.x.size(); ++i) compiled.x[i] = read(compiled.readings[i], at);
  const std::span<const double> modes =
      frozen_ ? std::span<const double>(compiled.modes) : std::span<const double>();
  value = compiled.program->gradient(compiled.x, modes, compiled.gradient, compiled.work);
  constexpr double huge = 1e20;  // above it stand the substitutes for 1/0
  const auto plain = [](double x) { return std::abs(x) < huge; };
  return plain(value) && std::ranges::all_of(compiled.gradient, plain);
}

bool AuxiliaryRows::is_defined(const AuxiliaryPoint& at) {
  double value = 0;
  return std::ranges::all_of(programs_, [&](Compiled& compiled) { return evaluate(compiled, at, value); });
}

double AuxiliaryRows::value(std::uint32_t program, const AuxiliaryPoint& at) {
  Compiled& compiled = programs_[program];
  double value = 0;
  if (leave_out_undefined_) return evaluate(compiled, at, value) ? value : 0;
  for (std::size_t i = 0; i < compiled.x.size(); ++i) compiled.x[i] = read(compiled.readings[i], at);
  const std::span<const double> modes =
      frozen_ ? std::span<const double>(compiled.modes) : std::span<const double>();
  return compiled.program->value(compiled.x, modes, compiled.work);
}

const std::vector<double>& AuxiliaryRows::gradient(std::uint32_t program, const AuxiliaryPoint& at) {
  Compiled& compiled = programs_[program];
  double value = 0;
  if (!evaluate(compiled, at, value) && leave_out_undefined_) std::ranges::fill(compiled.gradient, 0.0);
  return compiled.gradient;
}

double AuxiliaryRows::voltage(const Row& row, const AuxiliaryPoint& at) const {
  return at.y[row.plus_row] - at.y[row.minus_row] + at.offset[row.plus] - at.offset[row.minus];
}

double AuxiliaryRows::current_of(const Row& power, const AuxiliaryPoint& at) {
  return power.current == npos ? at.source_current[power.part] : at.y[power.current];
}

void AuxiliaryRows::residual(const AuxiliaryPoint& at, double* r) {
  for (std::uint32_t k = 0; k < rows_.size(); ++k) {
    const Row& row = rows_[k];
    const std::uint32_t me = first_ + k;
    const double own = at.y[me];
    if (row.has_current()) {
      r[row.plus_row] += own;
      r[row.minus_row] -= own;
    }
    switch (row.kind) {
      case Kind::source:
        r[me] = voltage(row, at) - at.source_voltage[row.index];
        break;
      case Kind::short_circuit:
        r[me] = row.idle ? own : voltage(row, at);
        break;
      case Kind::resistor:
        if (row.last_mutual == 0) r[me] = voltage(row, at) - row.resistance * own;
        for (std::uint32_t m = row.first_mutual; m < row.last_mutual; ++m)
          r[me] += drops_[m].resistance * at.y[drops_[m].row];
        break;
      case Kind::behavioural_voltage:
        r[me] = voltage(row, at) - at.factor * value(circuit_.behavioural_sources[row.index].program, at);
        break;
      case Kind::behavioural_current:
        r[me] = own - at.factor * value(circuit_.behavioural_sources[row.index].program, at);
        break;
      case Kind::switch_current:
        r[me] = switch_scale(row.index) * (own - switch_conductance(row.index) * voltage(row, at));
        break;
      case Kind::inductor: {
        double induced = 0;
        if (!at.hold)
          for (std::uint32_t m = row.first_mutual; m < row.last_mutual; ++m)
            induced += mutuals_[m].inductance * at.derivative[mutuals_[m].row];
        r[me] = voltage(row, at) - induced;
        break;
      }
      case Kind::port:
        r[me] = voltage(row, at) - circuit_.lines[row.index].impedance * own -
                at.y[line_row(row.index) + LosslessLine::arriving(row.part)];
        break;
      case Kind::arriving: {
        const std::uint32_t base = line_row(row.index);
        if (at.hold || at_rest_) {
          const Row* ports = &rows_[base - first_];
          r[me] = row.part != 0 ? at.y[base] + at.y[base + 1]
                  : row.idle    ? at.y[base]
                                : voltage(ports[0], at) - voltage(ports[1], at);
        } else {
          lines_[row.index].residual(row.part, at.t, at.t < at.inside, at.y + base, at.derivative + base,
                                     &r[me], &r[base + LosslessLine::stage(row.part, 1)]);
        }
        break;
      }
      case Kind::leaving: {
        const double* x = at.y + line_row(row.index);
        r[me] = own - x[LosslessLine::arriving(row.part)] -
                2 * circuit_.lines[row.index].impedance * x[LosslessLine::current(row.part)];
        break;
      }
      case Kind::stage:  // a line's arriving waves have done it
        if (at.hold) r[me] = own;
        break;
      case Kind::power:
        r[me] = own - voltage(row, at) * current_of(row, at);
        break;
      case Kind::derivative:
        r[me] = own - value(circuit_.auxiliaries[row.index].program, at);
        break;
      case Kind::integral:
        r[me] = at.hold ? own - circuit_.auxiliaries[row.index].initial
                        : at.derivative[me] - value(circuit_.auxiliaries[row.index].program, at);
        break;
      case Kind::tap:
        break;
    }
  }
  for (const TapRow& row : taps_) {
    const DeviceType& type = *circuit_.groups[row.group].type;
    tap_by_voltage_.resize(std::max(tap_by_voltage_.size(), type.branches.size()));
    tap_by_unknown_.resize(std::max(tap_by_unknown_.size(), type.unknowns.size()));
    const EvaluationPoint point{at.y, at.derivative, 1, at.hold, at.elapsed};
    r[row.row] = at.y[row.row] -
                 row.population->tap(point, 0, row.tap, tap_by_voltage_.data(), tap_by_unknown_.data());
  }
  for (const Load& element : loads_) {
    const double current = load_current(element, at);
    r[element.plus_row] += current;
    r[element.minus_row] -= current;
  }
}

void AuxiliaryRows::largest_currents(const AuxiliaryPoint& at, double* largest) {
  const auto note = [&](std::uint32_t plus, std::uint32_t minus, double current) {
    for (const std::uint32_t row : {plus, minus}) largest[row] = std::max(largest[row], std::abs(current));
  };
  for (std::uint32_t k = 0; k < rows_.size(); ++k)
    if (rows_[k].has_current()) note(rows_[k].plus_row, rows_[k].minus_row, at.y[first_ + k]);
  for (const Load& element : loads_) note(element.plus_row, element.minus_row, load_current(element, at));
}

double AuxiliaryRows::switch_conductance(std::uint32_t index) const {
  const Switch& element = circuit_.switches[index];
  return 1 / (closed_[index] != 0 ? element.on_resistance : element.off_resistance);
}

double AuxiliaryRows::load_current(const Load& element, const AuxiliaryPoint& at) {
  if (!element.is_switch) return at.factor * value(circuit_.behavioural_sources[element.index].program, at);
  return switch_conductance(element.index) * (at.y[element.plus_row] - at.y[element.minus_row] +
                                              at.offset[element.plus] - at.offset[element.minus]);
}

void AuxiliaryRows::currents(const AuxiliaryPoint& at, std::vector<double>& behavioural,
                             std::vector<double>& switches, std::vector<double>& ports,
                             std::vector<double>& leaving) {
  load_currents_.resize(loads_.size());
  for (std::size_t k = 0; k < loads_.size(); ++k) load_currents_[k] = load_current(loads_[k], at);
  share(at.y, load_currents_.data(), behavioural, switches, ports, leaving);
}

// Events.

}  // namespace memspice
