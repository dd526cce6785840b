#include "convert/vector_names.hpp"

#include <fmt/format.h>

#include <cmath>

#include "convert/semiconductor_card.hpp"

namespace memspice::convert {

std::optional<PeerVector> VectorTranslator::translate(const std::string& vector) {
  const bool at = vector.front() == '@';  // @q1[gm]
  const std::size_t open = vector.find(at ? '[' : '(');
  std::string_view accessor = std::string_view(vector).substr(0, open);
  std::string_view argument = std::string_view(vector).substr(open + 1, vector.size() - open - 2);
  if (accessor == "v") return voltage(vector, argument);
  if (at) std::swap(accessor, argument);
  if (at) argument.remove_prefix(1);
  const std::uint32_t name = circuit_.element_names.find(argument);
  if (name == NameTable::npos) return std::nullopt;  // an aggregate
  const Element& element = elements_[name];
  if (at) return parameter(vector, element, accessor);
  if (accessor == "i" || accessor == "ix") return current(vector, element);
  if (accessor == "p") return power(vector, element);
  return quantity(vector, element, accessor);
}

std::optional<PeerVector> VectorTranslator::parameter(const std::string& vector, const Element& element,
                                                      std::string_view name) {
  if (element.source != nullptr) return probe(vector, fmt::format("{}", element.source->dc));
  if (!element.group->type->find_parameter(name)) return quantity(vector, element, name);
  const double value = element.parameter(name);
  return probe(vector, fmt::format("{}", std::isnan(value) ? 0 : value));
}

std::optional<PeerVector> VectorTranslator::quantity(const std::string& vector, const Element& element,
                                                     std::string_view name) {
  if (element.letter == 'y') {
    const std::vector<std::string>& states = peer_elements_[element.name].states;
    for (std::size_t j = 0; j < states.size(); ++j)
      if (element.group->type->unknowns[j].name == name && equations_.of(element).scales[j] == 1)
        return node_voltage(vector, states[j]);
    const std::optional<std::string> text = of_equations(element, name);
    return text ? std::optional(probe(vector, *text)) : std::nullopt;
  }
  if (const std::optional<TerminalCurrent> current = terminal_current(element, name)) {
    const std::string inwards = metered(element, current->terminal);
    if (current->outwards) return probe(vector, '-' + inwards);
    return PeerVector{vector, inwards, inwards};
  }
  if (peer_ == Peer::xyce) {
    if (element.letter != 'd' || (name != "id" && name != "c")) return std::nullopt;
    return current(vector, element);
  }
  const std::optional<std::string_view> theirs = ngspice_quantity(element, name);
  if (!theirs) return std::nullopt;
  std::string request = fmt::format("@{}[{}]", peer_elements_[element.name].name, *theirs);
  const char type = theirs->front();  // ngspice takes what begins with i for a current, with v for a voltage
  if (type != 'i' && type != 'v') return PeerVector{vector, request, request};
  return PeerVector{vector, request, fmt::format("{}({})", type, request)};
}

NodeId VectorTranslator::find_node(std::string_view name) const {
  return name == "gnd" ? ground : circuit_.node_names.find(name);
}

PeerVector VectorTranslator::node_voltage(const std::string& vector, const std::string& node) const {
  std::string name = fmt::format("v({})", node);
  return {vector, name, name};
}

PeerVector VectorTranslator::voltage(const std::string& vector, std::string_view argument) {
  const std::size_t comma = argument.find(',');
  const NodeId plus = find_node(argument.substr(0, comma));
  const NodeId minus = comma == std::string_view::npos ? ground : find_node(argument.substr(comma + 1));
  if (plus == minus) return probe(vector, "0");
  if (minus == ground) return node_voltage(vector, names_.node(plus));
  return probe(vector, difference(plus, minus));
}

PeerVector VectorTranslator::current(const std::string& vector, const Element& element) {
  const std::string& name = peer_elements_[element.name].name;
  if (element.group != nullptr && element.letter != 'y' && element.nodes().size() > 2) {
    const std::string request = current_expression(element);
    return {vector, request, request};
  }
  if (peer_ == Peer::ngspice && element.letter == 't') {
    const std::string request = current_expression(element);
    return {vector, request, request};
  }
  if (peer_ == Peer::xyce || element.is_branch()) {
    std::string request =
        fmt::format("i{}({}{})", element.letter == 't' ? "1" : "", name, element.letter == 'y' ? ":bm" : "");
    return {vector, request, request};
  }
  std::string request;
  if (element.letter == 'y')
    request = fmt::format("@b.{}.bm[i]", name);
  else
    request = fmt::format("@{}[{}]", name,
                          element.letter == 'i'   ? "current"
                          : element.letter == 'd' ? "id"
                                                  : "i");
  return {vector, request, fmt::format("i({})", request)};
}

PeerVector VectorTranslator::power(const std::string& vector, const Element& element) {
  if (element.is_short()) return probe(vector, "0");
  if (is_semiconductor(element) || element.letter == 'y') return probe(vector, power_expression(element));
  const std::string voltage = difference(element.plus, element.minus);
  const bool own = std::string_view("bst").find(element.letter) == std::string_view::npos;
  // ngspice's @i1[p] is that of the DC value.
  if (!own || (peer_ == Peer::ngspice && element.letter == 'i'))
    return probe(vector, fmt::format("{}*{}", voltage, current_expression(element)));
  const PeerElement& peer = peer_elements_[element.name];
  const bool xyce = peer_ == Peer::xyce;
  std::string request = (xyce ? "p(" : "@") + peer.name + (xyce ? ")" : "[p]");
  return {vector, request, request};
}

std::string VectorTranslator::current_expression(const Element& element) {
  if (element.is_branch()) return fmt::format("i({})", peer_elements_[element.name].name);
  return metered(element, element.group != nullptr && element.nodes().size() > 2 ? 0 : 1);
}

std::string VectorTranslator::metered(const Element& element, std::size_t terminal) {
  PeerElement& peer = peer_elements_[element.name];
  std::string& meter = peer.meters[terminal];
  if (meter.empty()) meter = names_.helper_element("vmeter", peer.name);
  return fmt::format("i({})", meter);
}

std::string VectorTranslator::power_expression(const Element& element) {
  if (element.group == nullptr || element.letter == 'y' || element.nodes().size() == 2)
    return fmt::format("{}*{}", difference(element.plus, element.minus), current_expression(element));
  std::string sum;
  for (const auto& [from, to] : element.group->type->branches) {
    const NodeId plus = element.nodes()[static_cast<std::size_t>(from)];
    const NodeId minus = element.nodes()[static_cast<std::size_t>(to)];
    if (plus == minus) continue;
    if (!sum.empty()) sum += '+';
    sum += fmt::format("{}*{}", difference(plus, minus), metered(element, static_cast<std::size_t>(from)));
  }
  return sum.empty() ? "0" : sum;
}

std::optional<std::string> VectorTranslator::expression(const Probe& probe) {
  switch (probe.kind) {
    case Probe::Kind::voltage:
      if (probe.minus == ground) return fmt::format("v({})", names_.node(probe.plus));
      return difference(probe.plus, probe.minus);
    case Probe::Kind::time:
      return "time";
    case Probe::Kind::frequency:
      return peer_ == Peer::xyce ? "freq" : "hertz";
    case Probe::Kind::element:
      break;
    default:
      return std::nullopt;
  }
  const Element& element = elements_[probe.element];
  if (probe.accessor == "i") return current_expression(element);
  if (probe.accessor == "p") return power_expression(element);
  if (is_semiconductor(element)) {
    const std::optional<TerminalCurrent> current = terminal_current(element, probe.accessor);
    if (!current) return std::nullopt;
    return (current->outwards ? "-" : "") + metered(element, current->terminal);
  }
  if (element.letter != 'y') return std::nullopt;
  return of_equations(element, probe.accessor);
}

std::string VectorTranslator::difference(NodeId plus, NodeId minus) const {
  return fmt::format("(v({})-v({}))", names_.node(plus), names_.node(minus));
}

std::optional<std::string> VectorTranslator::of_equations(const Element& element, std::string_view name) {
  const ElementEquations& equations = equations_.of(element);
  const PeerElement& peer = peer_elements_[element.name];
  return equations.quantity(*element.group->type, name, peer_, [&](const Probe& probe) {
    if (probe.kind == Probe::Kind::voltage) {
      const auto [plus, minus] = element.group->type->branches[probe.plus];
      return difference(element.nodes()[static_cast<std::size_t>(plus)],
                        element.nodes()[static_cast<std::size_t>(minus)]);
    }
    if (probe.accessor == "inner")
      return fmt::format("v({}{}u{})", peer.name, peer_ == Peer::xyce ? ':' : '.', probe.element + 1);
    const std::string node = fmt::format("v({})", peer.states[probe.element]);
    const double scale = equations.scales[probe.element];
    return scale == 1 ? node : fmt::format("{}*{}", scale, node);
  });
}

PeerVector VectorTranslator::probe(const std::string& vector, const std::string& expression) {
  const std::string node = names_.helper_node("probe", vector);
  const bool braces = peer_ == Peer::xyce;
  probes_ += fmt::format("B{0} {0} 0 V={1}{2}{3}\n", node, braces ? "{" : "", expression, braces ? "}" : "");
  return node_voltage(vector, node);
}

}  // namespace memspice::convert
