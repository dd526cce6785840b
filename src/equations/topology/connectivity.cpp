#include "equations/topology/connectivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/disjoint_sets.hpp"

namespace memspice {

namespace {

/// Joins the potentials, numbered by `row`, that the devices join which `left_out` does not name, and where
/// `by_controlled_currents` currents that depend on something; independent current sources join nothing, nor
/// does ground unless `through_ground`.
template <class Row, class Predicate>
void connect(const Circuit& circuit, DisjointSets& sets, Row&& row, Predicate&& left_out,
             bool by_controlled_currents, bool through_ground) {
  const auto join = [&](std::uint32_t a, std::uint32_t b) {
    if (through_ground || (a != 0 && b != 0)) sets.join(a, b);
  };
  for (const DeviceGroup& group : circuit.groups) {
    if (left_out(*group.type)) continue;
    const std::size_t terminals = group.type->terminals.size();
    for (std::size_t k = 0; k < group.count(); ++k) {
      for (const auto& [plus, minus] : group.type->branches)
        join(row(group.nodes[k * terminals + static_cast<std::size_t>(plus)]),
             row(group.nodes[k * terminals + static_cast<std::size_t>(minus)]));
    }
  }
  for (const Source& source : circuit.voltage_sources)  // those whose current is read are no ties
    join(row(source.plus), row(source.minus));
  for (const BehaviouralSource& source : circuit.behavioural_sources) {
    // A current that depends on something may depend on the voltage across it.
    if (source.voltage || (by_controlled_currents && !circuit.programs[source.program].is_constant()))
      join(row(source.plus), row(source.minus));
  }
  for (const Switch& element : circuit.switches) join(row(element.plus), row(element.minus));
  for (const TransmissionLine& line : circuit.lines)
    for (const NodeId node : line.nodes) join(row(line.nodes[0]), row(node));
}

/// The same of the rows of a forest.
template <class Predicate>
DisjointSets connect(const Circuit& circuit, const PotentialForest& forest, Predicate&& left_out,
                     bool by_controlled_currents = true, bool through_ground = true) {
  DisjointSets sets(forest.rows());
  connect(
      circuit, sets, [&](NodeId node) { return forest.row(node); }, left_out, by_controlled_currents,
      through_ground);
  return sets;
}

/// What touches a floating group, for the message.
struct Contact {
  std::vector<NodeId> nodes;
  std::string current_source;
  std::string capacitor;
  Location where;
};

}  // namespace

bool all_have_paths_to_ground(const Circuit& circuit, DisjointSets joined, bool operating_point) {
  connect(
      circuit, joined, [](NodeId node) { return node; },
      [&](const DeviceType& type) { return operating_point && type.open_at_dc; }, true, true);
  return joined.count() == 1;
}

void require_paths_to_ground(const Circuit& circuit, const PotentialForest& forest, bool operating_point) {
  DisjointSets sets =
      connect(circuit, forest, [&](const DeviceType& type) { return operating_point && type.open_at_dc; });
  if (sets.count() == 1) return;
  const std::uint32_t grounded = sets.find(0);
  std::map<std::uint32_t, Contact> floating;
  for (NodeId node = 0; node < circuit.node_names.size(); ++node) {
    const std::uint32_t root = sets.find(forest.row(node));
    if (root != grounded) floating[root].nodes.push_back(node);
  }
  if (floating.empty()) return;

  const auto touch = [&](NodeId node, Location where) -> Contact* {
    const auto found = floating.find(sets.find(forest.row(node)));
    if (found == floating.end()) return nullptr;
    Contact& contact = found->second;
    const bool earlier = !contact.where.known() || where.file < contact.where.file ||
                         (where.file == contact.where.file && where.offset < contact.where.offset);
    if (earlier) contact.where = where;
    return &contact;
  };
  for (const DeviceGroup& group : circuit.groups) {
    const std::size_t terminals = group.type->terminals.size();
    for (std::size_t k = 0; k < group.count(); ++k) {
      for (std::size_t i = 0; i < terminals; ++i) {
        Contact* contact = touch(group.nodes[k * terminals + i], group.where[k]);
        if (contact != nullptr && group.type->open_at_dc)
          contact->capacitor = circuit.element_names[group.names[k]];
      }
    }
  }
  for (const Source& source : circuit.voltage_sources) {
    touch(source.plus, source.where);
    touch(source.minus, source.where);
  }
  for (const Switch& element : circuit.switches) {
    touch(element.plus, element.where);
    touch(element.minus, element.where);
  }
  for (const TransmissionLine& line : circuit.lines)
    for (const NodeId node : line.nodes) touch(node, line.where);
  const auto touch_currents = [&](const auto& sources) {
    for (const auto& source : sources) {
      for (const NodeId node : {source.plus, source.minus}) {
        if (Contact* contact = touch(node, source.where))
          contact->current_source = circuit.element_names[source.name];
      }
    }
  };
  touch_currents(circuit.current_sources);
  touch_currents(circuit.behavioural_sources);

  std::vector<Diagnostic> diagnostics;
  for (const auto& [root, contact] : floating) {
    std::string names;
    for (std::size_t i = 0; i < contact.nodes.size() && i < 5; ++i)
      names += fmt::format("{}'{}'", i == 0 ? "" : ", ", circuit.node_names[contact.nodes[i]]);
    if (contact.nodes.size() > 5) names += fmt::format(" and {} more", contact.nodes.size() - 5);
    const std::string_view nodes = contact.nodes.size() == 1 ? "node" : "nodes";
    std::string message;
    std::string hint;
    if (!contact.current_source.empty()) {
      message =
          fmt::format("only current sources ({}) connect {} {} to the rest: their current has no way back",
                      contact.current_source, nodes, names);
      hint = "give the current a path: a resistor in parallel with the source";
    } else if (!contact.capacitor.empty() && operating_point) {
      message = fmt::format("{} {} {} no DC path to ground: only capacitors ({}) lead there", nodes, names,
                            contact.nodes.size() == 1 ? "has" : "have", contact.capacitor);
      hint = "add a large resistor to ground, give its voltage with .ic, or start with .tran … uic";
    } else {
      message = fmt::format("floating {} {}: no element connects {} to ground (node 0)", nodes, names,
                            contact.nodes.size() == 1 ? "it" : "them");
      hint = "connect one of these nodes to node 0";
    }
    diagnostics.push_back(diagnose(*circuit.sources, contact.where, 1, message, hint));
    if (diagnostics.size() == 5) break;  // one mistake often cuts off several parts
  }
  throw DeckError(std::move(diagnostics));
}

std::vector<std::uint32_t> rows_behind_currents(const Circuit& circuit, const PotentialForest& forest) {
  const auto is_current = [](const BehaviouralSource& source) { return !source.voltage; };
  if (std::ranges::none_of(circuit.behavioural_sources, is_current)) return {};
  DisjointSets sets = connect(
      circuit, forest, [](const DeviceType& type) { return type.open_at_dc; }, false);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 1; row < forest.rows(); ++row)
    if (sets.find(row) == row) rows.push_back(row);  // ground's set is known by 0
  return rows;
}

std::vector<std::uint32_t> rows_behind_inductors(const Circuit& circuit, const PotentialForest& forest) {
  DisjointSets sets = connect(circuit, forest, [](const DeviceType& type) { return type.short_at_dc; });
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 1; row < forest.rows(); ++row)
    if (sets.find(row) != sets.find(0)) rows.push_back(row);
  return rows;
}

std::vector<std::uint32_t> rows_of_one_scale(const Circuit& circuit, const PotentialForest& forest) {
  DisjointSets sets = connect(
      circuit, forest, [](const DeviceType&) { return false; }, true, false);
  std::vector<std::uint32_t> scale(forest.rows());
  for (std::uint32_t row = 0; row < scale.size(); ++row) scale[row] = sets.find(row);
  return scale;
}

}  // namespace memspice
