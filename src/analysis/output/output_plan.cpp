#include "analysis/output/output_plan.hpp"

#include <algorithm>

#include "analysis/output/vector_resolver.hpp"

namespace memspice {

OutputPlan::OutputPlan(const Circuit& circuit, AnalysisKind kind, std::vector<VectorInfo> scale,
                       std::vector<Diagnostic>& warnings)
    : circuit_(circuit),
      kind_(kind),
      scale_(scale.size()),
      vectors_(std::move(scale)),
      resolver_(std::make_unique<VectorResolver>(circuit, *this)) {
  if (of_circuit()) {
    if (circuit.saves.empty()) resolver_->add_defaults(nullptr);
    std::vector<Diagnostic> mistakes;
    for (const SaveRequest& request : circuit.saves) {
      try {
        const bool empty = resolver_->resolve(request.pattern, request.where, request.pattern.size()).empty();
        for (const std::string& name : left_out_)
          warnings.push_back(diagnose(*circuit.sources, request.where, request.pattern.size(),
                                      "'" + name + "' is left out of .ac: it is no voltage, current or state",
                                      {}, Severity::warning));
        if (empty && left_out_.empty())
          warnings.push_back(diagnose(*circuit.sources, request.where, request.pattern.size(),
                                      "'" + request.pattern + "' matches nothing in this circuit", {},
                                      Severity::warning));
      } catch (const DeckError& error) {
        mistakes.push_back(error.diagnostics().front());
        if (request.script) {
          mistakes.back().severity = Severity::warning;
          mistakes.back().hint = "all vectors are kept";
          warnings.push_back(std::move(mistakes.back()));
          mistakes.pop_back();
          resolver_->add_defaults(nullptr);
        }
        if (mistakes.size() == most_mistakes) break;
      }
      left_out_.clear();
    }
    if (!mistakes.empty()) throw DeckError(std::move(mistakes));
    for (const PrintCard& card : circuit.prints) {
      if (card.analysis && card.analysis != kind) continue;
      for (const PrintCard::Item& item : card.items) {
        if (item.pattern.empty()) continue;
        try {
          resolver_->resolve(item.pattern, item.where, item.pattern.size());
        } catch (const DeckError&) {
          // It may be one that is appended; if not, columns() says so.
        }
      }
    }
  }
  open_ = false;
}

OutputPlan::~OutputPlan() = default;

bool OutputPlan::of_circuit() const {
  return kind_ == AnalysisKind::operating_point || kind_ == AnalysisKind::transient ||
         kind_ == AnalysisKind::dc || kind_ == AnalysisKind::ac;
}

std::size_t OutputPlan::column(std::string_view name, Location where, std::size_t length) {
  const std::vector<std::size_t> found = resolver_->resolve(name, where, length);
  if (found.empty())
    throw DeckError(diagnose(*circuit_.sources, where, length,
                             "'" + std::string(name) + "' has no value in .ac",
                             "a linearised circuit has voltages, currents and states"));
  return found.front();
}

std::vector<std::size_t> OutputPlan::columns(std::string_view pattern, Location where) {
  return resolver_->resolve(pattern, where, pattern.size());
}

std::size_t OutputPlan::parameter(std::string_view name) {
  const auto [entry, fresh] = parameters_.try_emplace(std::string(name), width());
  if (fresh) hidden_.push_back({entry->first, Quantity::notype});
  return entry->second;
}

void OutputPlan::close() {
  resolver_.reset();
}

void OutputPlan::add(Column column, VectorInfo info) {
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
  column.place = width();
  columns_.push_back(column);
  (open_ ? vectors_ : hidden_).push_back(std::move(info));
}

void OutputPlan::evaluate(EquationSystem& system, double t, const Solution& at, std::span<double> row) {
  const double* y = at.y.data();
  const Circuit& circuit = system.circuit();
  if (needs_branches_) system.branches(t, y, at.derivative.data(), branches_);
  const auto across = [&](const auto& element) {
    return system.voltage(element.plus, y) - system.voltage(element.minus, y);
  };
  for (const Column& column : columns_) {
    double& value = row[column.place];
    switch (column.kind) {
      case Kind::voltage:
        value = system.voltage(column.instance, y) - system.voltage(column.part, y);
        break;
      case Kind::unknown: {
        const DeviceGroup& group = circuit.groups[column.group];
        const UnknownDescription& unknown = group.type->unknowns[column.part];
        const std::size_t index = system.unknown_index(column.group, column.instance, column.part);
        value = std::clamp(y[index], unknown.lower, unknown.upper);
        break;
      }
      case Kind::current:
      case Kind::power: {
        const std::size_t k = column.instance * circuit.groups[column.group].type->branches.size();
        value = branches_.current[column.group][k];
        if (column.kind == Kind::power) value *= branches_.voltage[column.group][k];
        break;
      }
      case Kind::observable:
        value = system.observe(t, y, at.derivative.data(), column.group, column.instance, column.part);
        break;
      case Kind::source_current:
      case Kind::source_power: {
        const Source& source = column.voltage_source ? circuit.voltage_sources[column.instance]
                                                     : circuit.current_sources[column.instance];
        value = column.voltage_source ? branches_.source_current[column.instance]
                                      : system.source_value(false, column.instance);
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
      case Kind::parameter: {
        const DeviceGroup& group = circuit.groups[column.group];
        value = group.parameters[column.instance * group.type->parameters.size() + column.part];
        break;
      }
      case Kind::source_dc:
        value =
            (column.voltage_source ? circuit.voltage_sources : circuit.current_sources)[column.instance].dc;
        break;
      case Kind::line_current:
        value = branches_.line_current[2 * column.instance + column.part];
        break;
      case Kind::line_power: {
        const TransmissionLine& line = circuit.lines[column.instance];
        value = 0;
        for (std::size_t port = 0; port < 2; ++port)
          value += branches_.line_current[2 * column.instance + port] *
                   (system.voltage(line.nodes[2 * port], y) - system.voltage(line.nodes[2 * port + 1], y));
        break;
      }
    }
  }
}

}  // namespace memspice
