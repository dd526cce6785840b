#include "analysis/output/circuit_columns.hpp"

#include <algorithm>

namespace memspice {

namespace {

/// Into both ports, W.
double line_power(EquationSystem& system, std::size_t instance, const BranchValues& branches,
                  const double* y) {
  const TransmissionLine& line = system.circuit().lines[instance];
  double power = 0;
  for (std::size_t port = 0; port < 2; ++port)
    power +=
        branches.line_current[2 * instance + port] * (system.points().voltage(line.nodes[2 * port], y) -
                                                      system.points().voltage(line.nodes[2 * port + 1], y));
  return power;
}

}  // namespace

void CircuitColumns::add(Column column) {
  switch (column.kind) {
    case Kind::current:
    case Kind::power:
    case Kind::source_current:
    case Kind::source_power:
    case Kind::behavioural_current:
    case Kind::behavioural_power:
    case Kind::switch_current:
    case Kind::switch_power:
    case Kind::line_current:
    case Kind::line_power:
      needs_branches_ = true;
      break;
    default:
      break;
  }
  columns_.push_back(column);
}

std::vector<NodeId> CircuitColumns::nodes() const {
  std::vector<NodeId> nodes;
  for (const Column& column : columns_)
    if (column.kind == Kind::voltage) nodes.insert(nodes.end(), {column.instance, column.part});
  return nodes;
}

AskedCurrents CircuitColumns::currents() const {
  AskedCurrents asked;
  for (const Column& column : columns_) {
    switch (column.kind) {
      case Kind::current:
      case Kind::power:
        asked.elements.push_back({column.group, column.instance});
        break;
      case Kind::source_current:
        if (column.voltage_source) asked.voltage_sources.push_back(column.instance);
        break;
      case Kind::source_power:
        if (column.voltage_source)
          asked.voltage_sources.push_back(column.instance);
        else
          asked.others = true;
        break;
      case Kind::voltage:
        asked.others |= column.instance != ground && column.part != ground;
        break;
      case Kind::unknown:
      case Kind::parameter:
      case Kind::source_dc:
        break;
      default:
        asked.others = true;
        break;
    }
  }
  return asked;
}

std::vector<std::size_t> CircuitColumns::states(const EquationSystem& system) const {
  std::vector<std::size_t> places;
  for (const Column& column : columns_)
    if (column.kind == Kind::unknown)
      places.push_back(system.unknowns().index(column.group, column.instance, column.part));
  std::ranges::sort(places);
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

void CircuitColumns::evaluate(EquationSystem& system, double t, const Solution& at, std::span<double> row) {
  const double* y = at.y.data();
  const Circuit& circuit = system.circuit();
  if (needs_branches_) read_branches(system, t, y, at.derivative.data(), branches_);
  const auto across = [&](const auto& element) {
    return system.points().voltage(element.plus, y) - system.points().voltage(element.minus, y);
  };
  for (const Column& column : columns_) {
    double& value = row[column.place];
    switch (column.kind) {
      case Kind::voltage:
        value = system.points().voltage(column.instance, y) - system.points().voltage(column.part, y);
        break;
      case Kind::unknown: {
        const EquationGroup& group = system.unknowns().groups()[column.group];
        const std::vector<UnknownDescription>& unknowns = group.devices->type->unknowns;
        const std::size_t i = group.find(column.instance) * unknowns.size() + column.part;
        const StateBounds bounds = group.population->bounds(i, unknowns[column.part]);
        value = std::clamp(y[group.population->wiring.first_unknown + i], bounds.lower, bounds.upper);
        break;
      }
      case Kind::current:
      case Kind::power: {
        const std::size_t count = circuit.groups[column.group].type->branches.size();
        const std::size_t first = column.instance * count;
        value = branches_.current[column.group][first];
        if (column.kind == Kind::current) break;
        value *= branches_.voltage[column.group][first];
        for (std::size_t k = first + 1; k < first + count; ++k)  // those of the other terminals
          value += branches_.current[column.group][k] * branches_.voltage[column.group][k];
        break;
      }
      case Kind::observable:
        value = observe(system, t, y, at.derivative.data(), column.group, column.instance, column.part);
        break;
      case Kind::source_current:
      case Kind::source_power: {
        const Source& source = column.voltage_source ? circuit.voltage_sources[column.instance]
                                                     : circuit.current_sources[column.instance];
        value = column.voltage_source ? branches_.source_current[column.instance]
                                      : system.sources().current()[column.instance];
        if (column.kind == Kind::source_power) value *= across(source);
        break;
      }
      case Kind::behavioural_current:
      case Kind::behavioural_power: {
        const BehaviouralSource& source = circuit.behavioural_sources[column.instance];
        value = branches_.behavioural_current[column.instance];
        if (column.kind == Kind::behavioural_power) value *= across(source);
        break;
      }
      case Kind::switch_current:
      case Kind::switch_power: {
        const Switch& element = circuit.switches[column.instance];
        value = branches_.switch_current[column.instance];
        if (column.kind == Kind::switch_power) value *= across(element);
        break;
      }
      case Kind::parameter:
        value = circuit.groups[column.group].parameter(column.instance, column.part);
        break;
      case Kind::source_dc:
        value =
            (column.voltage_source ? circuit.voltage_sources : circuit.current_sources)[column.instance].dc;
        break;
      case Kind::line_current:
        value = branches_.line_current[2 * column.instance + column.part];
        break;
      case Kind::line_power:
        value = line_power(system, column.instance, branches_, y);
        break;
    }
  }
  evaluate_aggregates(row);
}

void CircuitColumns::evaluate_aggregates(std::span<double> row) {
  for (const AggregateColumn& column : aggregates_) {
    values_.clear();
    for (const std::size_t operand : column.operands) values_.push_back(row[operand]);
    column.aggregate.values(values_, &row[column.place]);
  }
}

bool CircuitColumns::is_linear(Kind kind) {
  switch (kind) {
    case Kind::voltage:
    case Kind::unknown:
    case Kind::current:
    case Kind::source_current:
    case Kind::behavioural_current:
    case Kind::switch_current:
    case Kind::line_current:
      return true;
    default:
      return false;
  }
}

void CircuitColumns::evaluate_changes(const EquationSystem& system, std::span<const Complex> x,
                                      const SourceChanges<Complex>& sources,
                                      const BranchChanges<Complex>& branches, std::span<Complex> row) const {
  for (const Column& column : columns_) {
    Complex& value = row[column.place];
    switch (column.kind) {
      case Kind::voltage:
        value = branches.voltage[column.instance] - branches.voltage[column.part];
        break;
      case Kind::unknown:
        value = x[system.unknowns().index(column.group, column.instance, column.part)];
        break;
      case Kind::current: {
        const std::size_t width = system.circuit().groups[column.group].type->branches.size();
        value = branches.current[column.group][column.instance * width];
        break;
      }
      case Kind::source_current:
        value = column.voltage_source ? branches.source_current[column.instance]
                                      : sources.current[column.instance];
        break;
      case Kind::behavioural_current:
        value = branches.behavioural_current[column.instance];
        break;
      case Kind::switch_current:
        value = branches.switch_current[column.instance];
        break;
      case Kind::line_current:
        value = branches.line_current[2 * column.instance + column.part];
        break;
      default:
        break;
    }
  }
}

}  // namespace memspice
