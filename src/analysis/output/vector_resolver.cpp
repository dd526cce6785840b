#include "analysis/output/vector_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/spelling.hpp"
#include "base/wildcard.hpp"
#include "circuit/pin_names.hpp"

namespace memspice {

namespace {

/// A hint at the name that was meant; empty when none is near.
std::string near(std::string_view name, const NameTable& names) {
  constexpr std::size_t most = 10000;  // a guess must not cost more than the deck
  std::vector<std::string> candidates;
  for (std::uint32_t id = 0; id < std::min(names.size(), most); ++id) candidates.push_back(names[id]);
  return did_you_mean(name, {candidates.begin(), candidates.end()});
}

/// The vectors of an aggregate.
void add_names(const Aggregate& aggregate, Quantity quantity, std::vector<VectorInfo>& vectors) {
  if (aggregate.width() == 1) {
    vectors.push_back({aggregate.name(), quantity});
    return;
  }
  for (std::size_t k = 1; k <= aggregate.width(); ++k)
    vectors.push_back({aggregate.bin(k).name(), Quantity::notype});
}

}  // namespace

const ElementPlace& VectorResolver::place(std::uint32_t name) {
  if (places_.empty()) places_ = element_places(circuit_);
  return places_[name];
}

void VectorResolver::know_plan() {
  for (; known_.vectors < plan_.width(); ++known_.vectors)
    if (known_.names.intern(plan_.info(known_.vectors).name) == known_.place.size())
      known_.place.push_back(known_.vectors);
}

void VectorResolver::add(CircuitColumns::Column column, std::string name, Quantity quantity,
                         std::vector<std::size_t>* found) {
  if (plan_.type().vectors == AnalysisType::Vectors::changes && !CircuitColumns::is_linear(column.kind)) {
    plan_.left_out_.push_back(std::move(name));
    return;
  }
  std::size_t place = plan_.width();
  if (!all_new_) {
    know_plan();
    if (const std::uint32_t id = known_.names.find(name); id != NameTable::npos) place = known_.place[id];
  }
  if (place == plan_.width()) plan_.add(column, {std::move(name), quantity});
  if (found != nullptr) found->push_back(place);
}

void VectorResolver::add_node(NodeId node, std::vector<std::size_t>* found) {
  add({.kind = Kind::voltage, .instance = node, .part = ground},
      fmt::format("v({})", circuit_.node_names[node]), Quantity::voltage, found);
}

bool VectorResolver::add_element(std::string_view accessor, std::uint32_t name,
                                 std::vector<std::size_t>* found) {
  const std::optional<Vector> vector = vector_of(place(name), accessor);
  if (vector) add_vector(*vector, accessor, circuit_.element_names[name], found);
  return vector.has_value();
}

void VectorResolver::add_vector(const Vector& vector, std::string_view accessor, std::string_view element,
                                std::vector<std::size_t>* found) {
  const bool into_pin = vector.column.kind == Kind::source_current && names_pin(element);
  std::string label(into_pin ? "ix" : accessor);
  label += '(';
  label += element;
  label += ')';
  add(vector.column, std::move(label), vector.quantity, found);
}

std::optional<VectorResolver::Vector> VectorResolver::vector_of(const ElementPlace& place,
                                                                std::string_view accessor) const {
  if (const std::optional<Vector> branch = branch_vector_of(place, accessor)) return branch;
  if (place.kind != ElementPlace::Kind::device) return std::nullopt;
  CircuitColumns::Column column{.group = place.group, .instance = place.index};
  const DeviceType& type = *circuit_.groups[place.group].type;
  column.kind = Kind::unknown;
  for (column.part = 0; column.part < type.unknowns.size(); ++column.part)
    if (type.unknowns[column.part].name == accessor)
      return Vector{column, type.unknowns[column.part].quantity};
  column.kind = Kind::observable;
  for (column.part = 0; column.part < type.observables.size(); ++column.part)
    if (type.observables[column.part].name == accessor)
      return Vector{column, type.observables[column.part].quantity};
  return std::nullopt;
}

std::optional<VectorResolver::Vector> VectorResolver::branch_vector_of(const ElementPlace& place,
                                                                       std::string_view accessor) const {
  CircuitColumns::Column column{.group = place.group, .instance = place.index};
  const bool line = place.kind == ElementPlace::Kind::line;
  const bool power = accessor == "p";
  if (line && (accessor == "i1" || accessor == "i2")) {
    column.part = accessor == "i2" ? 1 : 0;
  } else if (!power && accessor != "i") {
    return std::nullopt;
  }
  switch (place.kind) {
    case ElementPlace::Kind::device:
      column.kind = power ? Kind::power : Kind::current;
      break;
    case ElementPlace::Kind::voltage_source:
    case ElementPlace::Kind::current_source:
      column.voltage_source = place.kind == ElementPlace::Kind::voltage_source;
      column.kind = power ? Kind::source_power : Kind::source_current;
      break;
    case ElementPlace::Kind::behavioural_source:
      column.kind = power ? Kind::behavioural_power : Kind::behavioural_current;
      break;
    case ElementPlace::Kind::switch_element:
      column.kind = power ? Kind::switch_power : Kind::switch_current;
      break;
    case ElementPlace::Kind::line:
      column.kind = power ? Kind::line_power : Kind::line_current;
      break;
    default:
      return std::nullopt;
  }
  return Vector{column, power ? Quantity::power : Quantity::current};
}

bool VectorResolver::add_parameter(std::string_view parameter, std::uint32_t name,
                                   std::vector<std::size_t>* found) {
  const ElementPlace& place = this->place(name);
  std::string label = fmt::format("@{}[{}]", circuit_.element_names[name], parameter);
  if (place.kind == ElementPlace::Kind::device) {
    const DeviceType& type = *circuit_.groups[place.group].type;
    const auto at = type.find_parameter(parameter);
    if (!at) {
      const std::optional<Vector> vector = vector_of(place, parameter);
      if (vector) add(vector->column, std::move(label), vector->quantity, found);
      return vector.has_value();
    }
    add({.kind = Kind::parameter,
         .group = place.group,
         .instance = place.index,
         .part = static_cast<std::uint32_t>(*at)},
        std::move(label), Quantity::notype, found);
    return true;
  }
  const bool voltage = place.kind == ElementPlace::Kind::voltage_source;
  if (!voltage && place.kind != ElementPlace::Kind::current_source) return false;
  if (parameter != "dc" && parameter != "dcv0") return false;
  add({.kind = Kind::source_dc, .voltage_source = voltage, .instance = place.index}, std::move(label),
      voltage ? Quantity::voltage : Quantity::current, found);
  return true;
}

bool VectorResolver::is_hidden(NodeId node) const {
  return std::ranges::binary_search(circuit_.hidden_nodes, node);
}

void VectorResolver::add_defaults(std::vector<std::size_t>* found) {
  if (!plan_.expands_) return;
  all_new_ = false;
  for (NodeId node = 1; node < circuit_.node_names.size(); ++node)
    if (!is_hidden(node)) add_node(node, found);
  for (const Source& source : circuit_.voltage_sources) add_element("i", source.name, found);
  for (const BehaviouralSource& source : circuit_.behavioural_sources)
    if (source.voltage && !is_hidden(source.plus)) add_element("i", source.name, found);
  for (const DeviceGroup& group : circuit_.groups) {
    for (const std::uint32_t name : group.names) {
      if (group.type->short_at_dc) add_element("i", name, found);
      for (const UnknownDescription& unknown : group.type->unknowns)
        if (!unknown.name.empty()) add_element(unknown.name, name, found);
    }
  }
}

void VectorResolver::fail(const Request& request, std::string message, std::string guess,
                          std::string otherwise) const {
  const bool unknown = request.word && guess.empty();
  Diagnostic diagnostic = diagnose(*circuit_.sources, request.where, request.length, std::move(message),
                                   guess.empty() ? std::move(otherwise) : std::move(guess));
  if (unknown) throw UnknownWord(std::move(diagnostic));
  throw DeckError(std::move(diagnostic));
}

/// A vector that is in the plan already by its name: the scale, an appended or an offered one.
bool VectorResolver::add_plain(std::string_view name, std::vector<std::size_t>& found) {
  know_plan();
  const bool frequency = name == "freq" || name == "hertz";
  const std::uint32_t id = known_.names.find(frequency ? "frequency" : name);
  if (id == NameTable::npos) return false;
  found.push_back(known_.place[id]);
  return true;
}

std::vector<std::size_t> VectorResolver::resolve_own(const Request& request, std::string_view text) {
  std::vector<std::size_t> found;
  if (text == "all" || has_wildcard(text)) {
    for (std::size_t i = plan_.scale(); i < plan_.vectors().size(); ++i)
      if (text == "all" || matches(text, plan_.vectors()[i].name)) found.push_back(i);
    return found;
  }
  // A vector may be called with or without v(), whichever its name has; onoise is PSpice's and LTspice's.
  const bool called = (text.starts_with("v(") || text.starts_with("i(")) && text.ends_with(')');
  const std::string_view name = called ? text.substr(2, text.size() - 3) : text;
  if (add_plain(text, found) || add_plain(name, found) || add_plain(fmt::format("v({})", text), found) ||
      add_plain(fmt::format("{}_spectrum", name), found) || add_plain(with_dots(text), found))
    return found;
  std::vector<std::string_view> names;
  for (std::size_t i = plan_.scale(); i < plan_.width(); ++i) names.push_back(plan_.info(i).name);
  constexpr std::size_t most = 8;
  fail(
      request, fmt::format("no vector '{}' in .{}", text, plan_.type().word()), did_you_mean(name, names),
      fmt::format("it has {}{}", fmt::join(names.begin(), names.begin() + std::min(most, names.size()), ", "),
                  names.size() > most ? ", …" : ""));
}

std::string_view VectorResolver::value_accessor(std::string_view word) const {
  if (word == "gnd" || circuit_.node_names.find(word) != NameTable::npos ||
      circuit_.node_names.find(with_dots(word)) != NameTable::npos ||
      find_element(circuit_.element_names, word) == NameTable::npos)
    return "v";
  const std::size_t part = word.find_last_of(".:");
  switch (word[part == std::string_view::npos ? 0 : part + 1]) {
    case 'r':
      return "r";
    case 'c':
      return "c";
    case 'l':
      return "l";
    case 'v':
    case 'i':
      return "dc";
    default:
      return "v";
  }
}

std::vector<std::size_t> VectorResolver::resolve(std::string_view text, Location where, std::size_t length,
                                                 bool told) {
  Request request{where, length, told};
  if (!plan_.of_circuit()) {
    request.word = text.find('(') == std::string_view::npos;
    return resolve_own(request, text);
  }
  std::vector<std::size_t> found;
  if (text == "all") {
    add_defaults(&found);
    return found;
  }
  if (add_plain(text, found)) return found;
  if (std::optional<Aggregate> aggregate = read_aggregate(text))
    return add_aggregate({std::move(*aggregate), where, length});
  std::string_view accessor, argument;
  if (text.starts_with('@') && text.ends_with(']') && text.find('[') != std::string_view::npos) {
    argument = text.substr(1, text.find('[') - 1);
    accessor = text.substr(text.find('[') + 1, text.size() - text.find('[') - 2);
  } else if (const std::size_t open = text.find('('); open != std::string_view::npos && text.ends_with(')')) {
    accessor = text.substr(0, open);
    argument = text.substr(open + 1, text.size() - open - 2);
  } else if (text.ends_with("#branch")) {
    accessor = "i";
    argument = text.substr(0, text.find('#'));
  } else if (const std::size_t colon = text.rfind(':');
             colon != std::string_view::npos &&
             find_element(circuit_.element_names, text.substr(0, colon)) != NameTable::npos) {
    accessor = text.substr(colon + 1);  // Xyce's r1:r
    argument = text.substr(0, colon);
  } else {  // a bare name is a node, as in ngspice, or Xyce's {r1}, the value of an element
    accessor = value_accessor(text);
    argument = text;
    request.word = true;
  }
  if (accessor == "n") {  // Xyce's for all unknowns: n(node), n(element:quantity)
    std::size_t colon = argument.rfind(':');
    if (const std::size_t bar = argument.rfind('_');  // a state: n(ymemristor!name_x)
        colon == std::string_view::npos && bar != std::string_view::npos &&
        circuit_.node_names.find(argument) == NameTable::npos &&
        find_element(circuit_.element_names, argument.substr(0, bar)) != NameTable::npos)
      colon = bar;
    accessor = colon == std::string_view::npos ? "v" : argument.substr(colon + 1);
    argument = argument.substr(0, colon);
  }
  all_new_ = has_wildcard(argument) && plan_.width() == plan_.scale();
  if (accessor == "v") {
    resolve_voltage(request, argument, found);
  } else if (accessor == "ix") {
    resolve_pin(request, argument, found);
  } else {
    resolve_element(request, accessor, argument, found);
  }
  return found;
}

std::vector<std::size_t> VectorResolver::add_aggregate(WantedAggregate wanted) {
  if (plan_.type().vectors == AnalysisType::Vectors::changes) {
    plan_.left_out_.push_back(wanted.aggregate.name());
    return {};
  }
  std::vector<std::size_t> places(wanted.aggregate.width());
  if (plan_.open_) {
    wanted.place = plan_.width();
    add_names(wanted.aggregate, Quantity::notype, plan_.vectors_);
  } else {
    complete(wanted);
  }
  std::iota(places.begin(), places.end(), *wanted.place);
  if (plan_.open_) wanted_.push_back(std::move(wanted));
  return places;
}

void VectorResolver::complete_aggregates() {
  for (WantedAggregate& wanted : wanted_) complete(wanted);
}

void VectorResolver::complete(WantedAggregate& wanted) {
  const std::string& pattern = wanted.aggregate.pattern;
  std::vector<std::size_t> operands = resolve(pattern, wanted.where, wanted.length);
  if (operands.empty())
    fail({wanted.where, wanted.length}, fmt::format("'{}' matches nothing in this circuit", pattern), {}, {});
  const bool counts = wanted.aggregate.kind == Aggregate::Kind::hist;
  const Quantity quantity = counts ? Quantity::notype : plan_.info(operands.front()).quantity;
  if (wanted.place) {
    plan_.vectors_[*wanted.place].quantity = quantity;
  } else {
    wanted.place = plan_.width();
    add_names(wanted.aggregate, quantity, plan_.hidden_);
  }
  plan_.columns_.add(std::move(wanted.aggregate), std::move(operands), *wanted.place);
}

NodeId VectorResolver::node(const Request& request, std::string_view name) const {
  if (name == "gnd") return ground;
  std::uint32_t id = circuit_.node_names.find(name);
  if (id == NameTable::npos) id = circuit_.node_names.find(with_dots(name));
  if (id == NameTable::npos)
    fail(request, fmt::format("no node '{}' in this circuit", name),
         request.told ? near(name, circuit_.node_names) : "",
         request.word ? "a word alone is a node; other vectors are written i(element), w(memristor), …"
                      : "nodes of subcircuits are written x1.node");
  return id;
}

void VectorResolver::resolve_voltage(const Request& request, std::string_view argument,
                                     std::vector<std::size_t>& found) {
  if (const std::size_t comma = argument.find(','); comma != std::string_view::npos) {
    const NodeId a = node(request, argument.substr(0, comma));
    const NodeId b = node(request, argument.substr(comma + 1));
    add({.kind = Kind::voltage, .instance = a, .part = b}, fmt::format("v({})", argument), Quantity::voltage,
        &found);
    return;
  }
  if (!has_wildcard(argument)) {
    add_node(node(request, argument), &found);
    return;
  }
  if (!plan_.expands_) return;
  for (NodeId id = 1; id < circuit_.node_names.size(); ++id)
    if (!is_hidden(id) && matches(argument, circuit_.node_names[id])) add_node(id, &found);
}

void VectorResolver::resolve_element(const Request& request, std::string_view accessor,
                                     std::string_view argument, std::vector<std::size_t>& found) {
  if (!has_wildcard(argument)) {
    const std::uint32_t id = find_element(circuit_.element_names, argument);
    if (id == NameTable::npos)
      fail(request, fmt::format("no element '{}' in this circuit", argument),
           request.told ? near(argument, circuit_.element_names) : "",
           "elements of subcircuits are written x1.name");
    if (!add_element(accessor, id, &found) && !add_parameter(accessor, id, &found))
      fail(request, fmt::format("element '{}' has no '{}'", argument, accessor), {}, accessors_of(id));
    return;
  }
  if (!plan_.expands_) return;
  for (std::uint32_t id = 0; id < circuit_.element_names.size(); ++id) {
    const std::optional<Vector> vector = vector_of(place(id), accessor);
    if (!vector) continue;
    const std::string name = circuit_.element_names[id];
    if (matches(argument, name)) add_vector(*vector, accessor, name, &found);
  }
}

void VectorResolver::resolve_pin(const Request& request, std::string_view argument,
                                 std::vector<std::size_t>& found) {
  if (has_wildcard(argument) && !plan_.expands_) return;
  const std::string pattern = pin_pattern(argument);
  for (const Source& source : circuit_.voltage_sources) {
    const std::string name = circuit_.element_names[source.name];
    if (names_pin(name) && matches_pin(pattern, name)) add_element("i", source.name, &found);
  }
  if (!found.empty() || has_wildcard(argument)) return;
  fail(request, fmt::format("no instance has the pin '{}'", argument), {},
       "ix(x1:out) on a card of the deck is the current into pin out, as .subckt calls it, of instance x1");
}

std::string VectorResolver::accessors_of(std::uint32_t element) {
  const std::string name = circuit_.element_names[element];
  const ElementPlace& at = place(element);
  if (at.kind == ElementPlace::Kind::coupling) return "a coupling has none";
  std::string list = fmt::format("it has i({0}), p({0})", name);
  if (at.kind == ElementPlace::Kind::line) list += fmt::format(", i1({0}), i2({0})", name);
  if (at.kind == ElementPlace::Kind::device) {
    const DeviceType& type = *circuit_.groups[at.group].type;
    for (const auto& unknown : type.unknowns)
      if (!unknown.name.empty()) list += fmt::format(", {}({})", unknown.name, name);
    for (const auto& observable : type.observables) list += fmt::format(", {}({})", observable.name, name);
  }
  return list;
}

}  // namespace memspice
