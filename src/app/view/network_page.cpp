#include "app/view/network_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/generate/generate_command.hpp"

namespace memspice::app {

namespace {

using nlohmann::ordered_json;

/// A branch between two nodes.
struct PageBranch {
  std::uint32_t name = 0;
  NodeId from = ground;
  NodeId to = ground;
  std::string_view kind;
};

std::string_view kind_of(const DeviceType& type) {
  return type.is_model_type("memristor") ? "memristor" : type.name;
}

std::vector<PageBranch> branches_of(const Circuit& circuit) {
  std::vector<PageBranch> branches;
  for (const DeviceGroup& group : circuit.groups) {
    const std::size_t terminals = group.type->terminals.size();
    for (std::size_t i = 0; i < group.count(); ++i)
      for (const auto& [plus, minus] : group.type->branches)
        branches.push_back({group.names[i], group.nodes[i * terminals + static_cast<std::size_t>(plus)],
                            group.nodes[i * terminals + static_cast<std::size_t>(minus)],
                            kind_of(*group.type)});
  }
  for (const Source& source : circuit.voltage_sources)
    branches.push_back({source.name, source.plus, source.minus, "voltage source"});
  for (const Source& source : circuit.current_sources)
    branches.push_back({source.name, source.plus, source.minus, "current source"});
  for (const BehaviouralSource& source : circuit.behavioural_sources)
    branches.push_back({source.name, source.plus, source.minus, "behavioural source"});
  for (const Switch& each : circuit.switches)
    branches.push_back({each.name, each.plus, each.minus, "switch"});
  return branches;
}

/// Whether memristor k of the drawn network is Y<k> of the circuit, between the same nodes.
bool is_same_network(const generate::Network& network, const Circuit& circuit,
                     const std::vector<PageBranch>& branches) {
  const bool electrodes = network.naming == generate::Naming::wires;
  const auto node_of = [&](std::uint32_t node) {
    return node == 0 ? ground : circuit.node_names.find(fmt::format("n{}", node));
  };
  std::map<std::uint32_t, std::pair<NodeId, NodeId>> ends;
  for (const PageBranch& branch : branches)
    if (branch.kind == "memristor") ends[branch.name] = {branch.from, branch.to};
  if (ends.size() != network.memristors.size() || !electrodes) return false;
  for (std::size_t k = 0; k < network.memristors.size(); ++k) {
    const auto found = ends.find(circuit.element_names.find(fmt::format("y{}", k + 1)));
    const generate::Edge& edge = network.memristors[k];
    if (found == ends.end() || found->second != std::pair{node_of(edge.from), node_of(edge.to)}) return false;
  }
  return true;
}

/// Where the wires of generated nanowires lie: the deck's head says with which command it was made.
ordered_json wires_json(const Circuit& circuit, const std::vector<PageBranch>& branches) {
  constexpr std::string_view wanted = "* memspice generate nanowire ";
  for (std::uint32_t file = 0; circuit.sources && file < circuit.sources->size(); ++file) {
    const std::string_view text = circuit.sources->text(file);
    const std::size_t begin = text.find(wanted);
    if (begin == std::string_view::npos) continue;
    std::string command(text.substr(begin + 2, text.find_first_of("\r\n", begin) - begin - 2));
    if (command.ends_with('.')) command.pop_back();
    const auto most = static_cast<std::uint32_t>(4 * circuit.node_names.size() + 1000);
    const generate::Network network = wires_of_command(command, most);
    if (network.wires.empty() || !is_same_network(network, circuit, branches)) continue;
    ordered_json wires = ordered_json::array();
    for (std::size_t k = 0; k < network.wires.size(); ++k) {
      const generate::Wire& wire = network.wires[k];
      const NodeId node = circuit.node_names.find(fmt::format("n{}", k + 1));
      if (node != NameTable::npos) wires.push_back({node, wire.x0, wire.y0, wire.x1, wire.y1});
    }
    return wires;
  }
  return {};
}

}  // namespace

nlohmann::ordered_json network_json(const Circuit& circuit) {
  const std::vector<PageBranch> branches = branches_of(circuit);
  if (std::ranges::none_of(branches, [](const PageBranch& branch) { return branch.kind == "memristor"; }))
    return {};
  ordered_json nodes = ordered_json::array(), names = ordered_json::array(), from = ordered_json::array(),
               to = ordered_json::array(), kinds = ordered_json::array();
  for (std::uint32_t node = 0; node < circuit.node_names.size(); ++node)
    nodes.push_back(circuit.node_names[node]);
  for (const PageBranch& branch : branches) {
    names.push_back(circuit.element_names[branch.name]);
    from.push_back(branch.from);
    to.push_back(branch.to);
    kinds.push_back(branch.kind);
  }
  ordered_json network{{"nodes", std::move(nodes)},
                       {"names", std::move(names)},
                       {"from", std::move(from)},
                       {"to", std::move(to)},
                       {"kinds", std::move(kinds)}};
  if (ordered_json wires = wires_json(circuit, branches); !wires.is_null())
    network["wires"] = std::move(wires);
  return network;
}

}  // namespace memspice::app
