#include "network/branch_network.hpp"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>

#include "base/spelling.hpp"

namespace memspice::network {

namespace {

Diagnostic diagnose_element(const Circuit& circuit, std::uint32_t name, Location where, std::string message,
                            std::string hint) {
  static const SourceFiles none;
  return diagnose(circuit.sources ? *circuit.sources : none, where, circuit.element_names[name].size(),
                  std::move(message), std::move(hint));
}

bool is_linear_memristor(const DeviceType& type) {
  return type.network_role == NetworkRole::linear_memristor;
}
bool is_resistor(const DeviceType& type) {
  return type.network_role == NetworkRole::resistor;
}

void reject_foreign_elements(const Circuit& circuit, std::string_view card) {
  struct Element {
    Location where;
    std::uint32_t name;
    std::string_view kind;
    [[nodiscard]] auto place() const { return std::tuple(where.file, where.offset, name); }
  };
  std::optional<Element> first;
  const auto consider = [&](const Element& element) {
    if (!first || element.place() < first->place()) first = element;
  };
  for (const auto& group : circuit.groups) {
    if (is_linear_memristor(*group.type) || is_resistor(*group.type)) continue;
    for (std::size_t n = 0; n < group.count(); ++n)
      consider({group.where[n], group.names[n], group.type->name});
  }
  const auto consider_all = [&](const auto& elements, std::string_view kind) {
    for (const auto& element : elements) consider({element.where, element.name, kind});
  };
  consider_all(circuit.behavioural_sources, "behavioural source");
  consider_all(circuit.switches, "switch");
  consider_all(circuit.couplings, "coupling of inductors");
  consider_all(circuit.lines, "transmission line");
  if (!first) return;
  throw DeckError(diagnose_element(circuit, first->name, first->where,
                                   fmt::format("{} does not cover '{}', {}", card,
                                               circuit.element_names[first->name], with_article(first->kind)),
                                   fmt::format("its theory holds for memristors of level 1 without a window, "
                                               "resistors, voltage and current sources; "
                                               "remove {} or the element",
                                               card)));
}

class Parameters {
 public:
  explicit Parameters(const DeviceGroup& group) : group_(group) {}
  [[nodiscard]] double operator()(std::size_t element, std::string_view name) const {
    const auto index = group_.type->find_parameter(name);
    if (!index) throw std::logic_error(fmt::format("device without parameter '{}'", name));
    return group_.parameter(element, *index);
  }

 private:
  const DeviceGroup& group_;
};

class Builder {
 public:
  explicit Builder(const Circuit& circuit) {
    network_.node_count = circuit.node_names.size();
    for (const auto& group : circuit.groups) {
      if (is_linear_memristor(*group.type)) add_memristors(group);
    }
    for (const auto& group : circuit.groups) {
      if (is_resistor(*group.type)) add_resistors(group);
    }
    for (const auto& source : circuit.voltage_sources) add_source(source, BranchKind::source);
    for (const auto& source : circuit.current_sources) add_source(source, BranchKind::driven);
  }
  BranchNetwork take() { return std::move(network_); }

 private:
  void add(NodeId from, NodeId to, BranchKind kind, std::uint32_t name, Location where, double resistance) {
    network_.branches.push_back({from, to});
    network_.kinds.push_back(kind);
    network_.names.push_back(name);
    network_.where.push_back(where);
    network_.resistance.push_back(resistance);
    if (resistance < 0) network_.has_negative_resistance = true;
  }
  void add(const DeviceGroup& group, std::size_t n, BranchKind kind, double resistance) {
    add(group.nodes[2 * n], group.nodes[2 * n + 1], kind, group.names[n], group.where[n], resistance);
  }

  void add_memristors(const DeviceGroup& group) {
    const Parameters parameter(group);
    for (std::size_t n = 0; n < group.count(); ++n) {
      const double sign = parameter(n, "active") != 0 ? -1 : 1;
      const double ron = parameter(n, "ron");
      Memristor device;
      device.low = sign * ron;
      device.slope = sign * (parameter(n, "roff") - ron);
      device.alpha = parameter(n, "alpha");
      device.start = parameter(n, "w0");
      device.voltage_control = parameter(n, "control") != 0;
      device.gain = parameter(n, "polarity") * (device.voltage_control ? 1 : ron) / parameter(n, "beta");
      network_.memristors.push_back(device);
      network_.memristor_names.push_back(group.names[n]);
      add(group, n, BranchKind::resistive, device.low);
    }
  }

  void add_resistors(const DeviceGroup& group) {
    const Parameters parameter(group);
    for (std::size_t n = 0; n < group.count(); ++n) {
      const double r = parameter(n, "r");
      add(group, n, r == 0 ? BranchKind::shorted : BranchKind::resistive, r);
    }
  }

  void add_source(const Source& source, BranchKind kind) {
    network_.sources.push_back({static_cast<std::uint32_t>(network_.branches.size()),
                                kind == BranchKind::source, source.dc, source.function});
    add(source.plus, source.minus, kind, source.name, source.where, 0);
  }

  BranchNetwork network_;
};

}  // namespace

BranchNetwork branch_network(const Circuit& circuit, std::string_view card, Location where) {
  reject_foreign_elements(circuit, card);
  BranchNetwork network = Builder(circuit).take();
  if (network.memristors.empty()) {
    static const SourceFiles none;
    throw DeckError(diagnose(circuit.sources ? *circuit.sources : none, where, card.size(),
                             fmt::format("{} has no memristor to follow", card),
                             fmt::format("remove {}, or add a memristor: Yname n+ n- model", card)));
  }
  return network;
}

LoopEquations loop_equations(const Circuit& circuit, const BranchNetwork& network) {
  try {
    return LoopEquations(network.node_count, network.branches, network.kinds);
  } catch (const TopologyError& error) {
    std::string names;
    for (const auto branch : error.branches)
      names += fmt::format("{}'{}'", names.empty() ? "" : ", ", circuit.element_names[network.names[branch]]);
    const auto last = error.branches.back();
    const bool loop = error.kind == TopologyError::Kind::source_loop;
    const auto* problem = loop ? " form a loop of voltage sources without resistance"
                               : " are the only way into a part of the circuit: a cut of current sources";
    const auto* hint =
        loop ? "put a resistor in series with one of them" : "put a resistor in parallel with one of them";
    throw DeckError(
        diagnose_element(circuit, network.names[last], network.where[last], names + problem, hint));
  }
}

}  // namespace memspice::network
