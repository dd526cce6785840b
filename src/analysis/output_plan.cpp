#include "analysis/output_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "circuit/spelling.hpp"
#include "waveform/wildcard.hpp"

namespace memspice {

namespace {

constexpr std::size_t most_mistakes = 20;

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

struct Place {
  enum class Kind { device, voltage_source, current_source } kind = Kind::device;
  std::uint32_t group = 0;
  std::uint32_t index = 0;
};

}  // namespace

/// Turns patterns into columns.
struct OutputPlan::Resolver {
  const Circuit& circuit;
  OutputPlan& plan;
  std::vector<Place> places;                           // by element name
  std::unordered_map<std::string, std::size_t> known;  // vector name → column

  Resolver(const Circuit& c, OutputPlan& p) : circuit(c), plan(p), places(c.element_names.size()) {
    for (std::uint32_t g = 0; g < circuit.groups.size(); ++g) {
      for (std::uint32_t k = 0; k < circuit.groups[g].count(); ++k)
        places[circuit.groups[g].names[k]] = {Place::Kind::device, g, k};
    }
    for (std::uint32_t i = 0; i < circuit.voltage_sources.size(); ++i)
      places[circuit.voltage_sources[i].name] = {Place::Kind::voltage_source, 0, i};
    for (std::uint32_t i = 0; i < circuit.current_sources.size(); ++i)
      places[circuit.current_sources[i].name] = {Place::Kind::current_source, 0, i};
  }

  void add(Column column, std::string name, Quantity quantity, std::vector<std::size_t>* found) {
    const auto [entry, fresh] = known.try_emplace(name, plan.columns_.size());
    if (fresh) plan.add(column, {std::move(name), quantity});
    if (found != nullptr) found->push_back(entry->second);
  }

  void add_node(NodeId node, std::vector<std::size_t>* found) {
    add({.kind = Kind::voltage, .instance = node, .part = ground},
        fmt::format("v({})", circuit.node_names[node]), Quantity::voltage, found);
  }

  /// `accessor` of one element; false when this element does not have it.
  bool add_element(std::string_view accessor, std::uint32_t name, std::vector<std::size_t>* found) {
    const Place place = places[name];
    std::string label = fmt::format("{}({})", accessor, circuit.element_names[name]);
    const bool source = place.kind != Place::Kind::device;
    if (accessor == "i" || accessor == "p") {
      const bool power = accessor == "p";
      Column column{.kind = source ? (power ? Kind::source_power : Kind::source_current)
                                   : (power ? Kind::power : Kind::current),
                    .voltage_source = place.kind == Place::Kind::voltage_source,
                    .group = place.group,
                    .instance = place.index};
      add(column, std::move(label), power ? Quantity::power : Quantity::current, found);
      return true;
    }
    if (source) return false;
    const DeviceType& type = *circuit.groups[place.group].type;
    for (std::uint32_t j = 0; j < type.unknowns.size(); ++j) {
      if (type.unknowns[j].name != accessor) continue;
      add({.kind = Kind::unknown, .group = place.group, .instance = place.index, .part = j}, std::move(label),
          type.unknowns[j].quantity, found);
      return true;
    }
    for (std::uint32_t j = 0; j < type.observables.size(); ++j) {
      if (type.observables[j].name != accessor) continue;
      add({.kind = Kind::observable, .group = place.group, .instance = place.index, .part = j},
          std::move(label), type.observables[j].quantity, found);
      return true;
    }
    return false;
  }

  void add_defaults(std::vector<std::size_t>* found) {
    for (NodeId node = 1; node < circuit.node_names.size(); ++node) add_node(node, found);
    for (const Source& source : circuit.voltage_sources) add_element("i", source.name, found);
    for (const DeviceGroup& group : circuit.groups) {
      for (const std::uint32_t name : group.names) {
        if (group.type->short_at_dc) add_element("i", name, found);
        for (const UnknownDescription& unknown : group.type->unknowns)
          if (!unknown.name.empty()) add_element(unknown.name, name, found);
      }
    }
  }

  [[noreturn]] void fail(const SaveRequest& request, std::string message, std::string hint) const {
    throw DeckError(diagnose(*circuit.sources, request.where, request.pattern.size(), std::move(message),
                             std::move(hint)));
  }

  /// Columns of one request, in order; empty when a wildcard matches nothing.
  std::vector<std::size_t> resolve(const SaveRequest& request) {
    std::vector<std::size_t> found;
    std::string_view text = request.pattern;
    if (text == "all") {
      add_defaults(&found);
      return found;
    }
    std::string_view accessor, argument;
    if (text.starts_with('@') && text.ends_with(']') && text.find('[') != std::string_view::npos) {
      argument = text.substr(1, text.find('[') - 1);
      accessor = text.substr(text.find('[') + 1, text.size() - text.find('[') - 2);
    } else if (const std::size_t open = text.find('(');
               open != std::string_view::npos && text.ends_with(')')) {
      accessor = text.substr(0, open);
      argument = text.substr(open + 1, text.size() - open - 2);
    } else {  // a bare name is a node, as in ngspice
      accessor = "v";
      argument = text;
    }
    if (accessor == "v") {
      resolve_voltage(request, argument, found);
    } else {
      resolve_element(request, accessor, argument, found);
    }
    return found;
  }

  NodeId node(const SaveRequest& request, std::string_view name) const {
    if (name == "gnd") return ground;
    const std::uint32_t id = circuit.node_names.find(name);
    if (id == NameTable::npos)
      fail(request, fmt::format("no node '{}' in this circuit", name),
           near(name, circuit.node_names, "nodes of subcircuits are written x1.node"));
    return id;
  }

  void resolve_voltage(const SaveRequest& request, std::string_view argument,
                       std::vector<std::size_t>& found) {
    if (const std::size_t comma = argument.find(','); comma != std::string_view::npos) {
      const NodeId a = node(request, argument.substr(0, comma));
      const NodeId b = node(request, argument.substr(comma + 1));
      add({.kind = Kind::voltage, .instance = a, .part = b}, fmt::format("v({})", argument),
          Quantity::voltage, &found);
      return;
    }
    if (!has_wildcard(argument)) {
      add_node(node(request, argument), &found);
      return;
    }
    for (NodeId id = 1; id < circuit.node_names.size(); ++id)
      if (matches(argument, circuit.node_names[id])) add_node(id, &found);
  }

  void resolve_element(const SaveRequest& request, std::string_view accessor, std::string_view argument,
                       std::vector<std::size_t>& found) {
    if (!has_wildcard(argument)) {
      const std::uint32_t id = circuit.element_names.find(argument);
      if (id == NameTable::npos)
        fail(request, fmt::format("no element '{}' in this circuit", argument),
             near(argument, circuit.element_names, "elements of subcircuits are written x1.name"));
      if (!add_element(accessor, id, &found))
        fail(request, fmt::format("element '{}' has no '{}'", argument, accessor), accessors_of(id));
      return;
    }
    for (std::uint32_t id = 0; id < circuit.element_names.size(); ++id)
      if (matches(argument, circuit.element_names[id])) add_element(accessor, id, &found);
  }

  /// A hint at the name that was meant, or else `otherwise`.
  static std::string near(std::string_view name, const NameTable& names, std::string_view otherwise) {
    constexpr std::size_t most = 10000;  // a guess must not cost more than the deck
    std::vector<std::string_view> candidates;
    for (std::uint32_t id = 0; id < std::min(names.size(), most); ++id) candidates.push_back(names[id]);
    std::string hint = did_you_mean(name, candidates);
    return hint.empty() ? std::string(otherwise) : hint;
  }

  std::string accessors_of(std::uint32_t element) const {
    const std::string_view name = circuit.element_names[element];
    std::string list = fmt::format("it has i({0}), p({0})", name);
    if (places[element].kind == Place::Kind::device) {
      const DeviceType& type = *circuit.groups[places[element].group].type;
      for (const auto& unknown : type.unknowns)
        if (!unknown.name.empty()) list += fmt::format(", {}({})", unknown.name, name);
      for (const auto& observable : type.observables) list += fmt::format(", {}({})", observable.name, name);
    }
    return list;
  }
};

OutputPlan::OutputPlan(const Circuit& circuit, bool with_time, std::vector<Diagnostic>& warnings) {
  if (with_time) add({.kind = Kind::time}, {"time", Quantity::time});
  Resolver resolver(circuit, *this);
  const bool saves =
      std::ranges::any_of(circuit.saves, [](const SaveRequest& request) { return !request.print; });
  if (!saves) resolver.add_defaults(nullptr);
  std::vector<Diagnostic> mistakes;
  for (const SaveRequest& request : circuit.saves) {
    std::vector<std::size_t> found;
    try {
      found = resolver.resolve(request);
    } catch (const DeckError& error) {
      mistakes.push_back(error.diagnostics().front());
      if (mistakes.size() == most_mistakes) break;
      continue;
    }
    if (found.empty())
      warnings.push_back(diagnose(*circuit.sources, request.where, request.pattern.size(),
                                  fmt::format("'{}' matches nothing in this circuit", request.pattern), {},
                                  Severity::warning));
    if (request.print) printed_.insert(printed_.end(), found.begin(), found.end());
  }
  if (!mistakes.empty()) throw DeckError(std::move(mistakes));
}

void OutputPlan::add(Column column, VectorInfo info) {
  switch (column.kind) {
    case Kind::current:
    case Kind::power:
    case Kind::source_current:
    case Kind::source_power:
      needs_branches_ = true;
      break;
    default:
      break;
  }
  columns_.push_back(column);
  vectors_.push_back(std::move(info));
}

void OutputPlan::evaluate(EquationSystem& system, double t, const Solution& at, std::span<double> row) {
  const double* y = at.y.data();
  const Circuit& circuit = system.circuit();
  if (needs_branches_) system.branches(t, y, at.derivative.data(), branches_);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    switch (column.kind) {
      case Kind::time:
        row[i] = t;
        break;
      case Kind::voltage:
        row[i] = system.voltage(column.instance, y) - system.voltage(column.part, y);
        break;
      case Kind::unknown: {
        const DeviceGroup& group = circuit.groups[column.group];
        const UnknownDescription& unknown = group.type->unknowns[column.part];
        const std::size_t index = system.unknown_index(column.group, column.instance, column.part);
        row[i] = std::clamp(y[index], unknown.lower, unknown.upper);
        break;
      }
      case Kind::current:
      case Kind::power: {
        const std::size_t k = column.instance * circuit.groups[column.group].type->branches.size();
        row[i] = branches_.current[column.group][k];
        if (column.kind == Kind::power) row[i] *= branches_.voltage[column.group][k];
        break;
      }
      case Kind::observable:
        row[i] = system.observe(t, y, at.derivative.data(), column.group, column.instance, column.part);
        break;
      case Kind::source_current:
      case Kind::source_power: {
        const Source& source = column.voltage_source ? circuit.voltage_sources[column.instance]
                                                     : circuit.current_sources[column.instance];
        row[i] = column.voltage_source ? branches_.source_current[column.instance]
                                       : system.source_value(false, column.instance);
        if (column.kind == Kind::source_power)
          row[i] *= system.voltage(source.plus, y) - system.voltage(source.minus, y);
        break;
      }
    }
  }
}

}  // namespace memspice
