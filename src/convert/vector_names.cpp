#include "convert/vector_names.hpp"

#include <fmt/format.h>

namespace memspice::convert {

PeerVector VectorTranslator::translate(const std::string& vector) {
  const std::size_t open = vector.find('(');
  const std::string_view accessor = std::string_view(vector).substr(0, open);
  const std::string_view argument = std::string_view(vector).substr(open + 1, vector.size() - open - 2);
  if (accessor == "v") return voltage(vector, argument);
  const Element& element = elements_[circuit_.element_names.find(argument)];
  if (accessor == "i") return current(vector, element);
  if (accessor == "p") return power(vector, element);
  if (accessor == "w") return node_voltage(vector, peer_elements_[element.name].state);
  return probe(vector, resistance(element));  // r
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
    request = fmt::format("@{}[{}]", name, element.letter == 'i' ? "current" : "i");
  return {vector, request, fmt::format("i({})", request)};
}

PeerVector VectorTranslator::power(const std::string& vector, const Element& element) {
  if (element.is_short()) return probe(vector, "0");
  const std::string voltage = difference(element.plus, element.minus);
  if (element.letter == 'y') return probe(vector, fmt::format("{0}*{0}/({1})", voltage, resistance(element)));
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
  PeerElement& peer = peer_elements_[element.name];
  if (element.is_branch()) return fmt::format("i({})", peer.name);
  if (peer.meter.empty()) peer.meter = names_.helper_element("vmeter", peer.name);
  return fmt::format("i({})", peer.meter);
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
  if (probe.accessor == "p")
    return fmt::format("{}*{}", difference(element.plus, element.minus), current_expression(element));
  if (element.letter != 'y') return std::nullopt;
  if (probe.accessor == "w") return fmt::format("v({})", peer_elements_[element.name].state);
  return resistance(element);
}

std::string VectorTranslator::difference(NodeId plus, NodeId minus) const {
  return fmt::format("(v({})-v({}))", names_.node(plus), names_.node(minus));
}

std::string VectorTranslator::resistance(const Element& element) const {
  const double sign = element.parameter("active") != 0 ? -1 : 1;
  const double ron = element.parameter("ron");
  return fmt::format("{}+({})*v({})", sign * ron, sign * (element.parameter("roff") - ron),
                     peer_elements_[element.name].state);
}

PeerVector VectorTranslator::probe(const std::string& vector, const std::string& expression) {
  const std::string node = names_.helper_node("probe", vector);
  const bool braces = peer_ == Peer::xyce;
  probes_ += fmt::format("B{0} {0} 0 V={1}{2}{3}\n", node, braces ? "{" : "", expression, braces ? "}" : "");
  return node_voltage(vector, node);
}

}  // namespace memspice::convert
