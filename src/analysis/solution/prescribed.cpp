#include "analysis/solution/prescribed.hpp"

#include <algorithm>

#include "network/topology.hpp"

namespace memspice {

namespace {

bool changes_in_time(const Source& source) {
  return source.function != Source::constant;
}

/// A graph of sources that change in time and of storage of one kind.
class StorageGraph {
 public:
  explicit StorageGraph(EquationSystem& system) : system_(system) {}

  void add_source(std::uint32_t from, std::uint32_t to) { sources_.push_back({from, to}); }

  /// All elements of a type that `is_one` chooses; place(node) is the node's place in the graph.
  template <class Predicate, class Place>
  void add_storage(Predicate&& is_one, Place&& place) {
    const Circuit& circuit = system_.circuit();
    for (std::uint32_t g = 0; g < circuit.groups.size(); ++g) {
      const DeviceGroup& group = circuit.groups[g];
      if (!is_one(*group.type)) continue;
      const auto [plus, minus] = group.type->branches.front();
      for (std::uint32_t k = 0; k < group.count(); ++k) {
        const NodeId* const nodes = &group.nodes[k * group.type->terminals.size()];
        const std::size_t unknown = system_.unknowns().index(g, k, 0);
        if (unknown == Unknowns::npos) continue;
        storage_.push_back({place(nodes[plus]), place(nodes[minus])});
        unknowns_.push_back(unknown);
      }
    }
  }

  /// What shares a loop with a source; so it does a cut set. An element from a node to itself is no part of
  /// one.
  void tighten(std::size_t node_count) const {
    if (sources_.empty() || storage_.empty()) return;
    std::vector<network::GraphBranch> branches = sources_;
    branches.insert(branches.end(), storage_.begin(), storage_.end());
    const network::Blocks blocks = network::find_blocks(node_count, branches);
    std::vector<bool> has_source(blocks.count, false);
    for (std::size_t i = 0; i < sources_.size(); ++i) has_source[blocks.block[i]] = true;
    for (std::size_t k = 0; k < storage_.size(); ++k)
      if (has_source[blocks.block[sources_.size() + k]]) system_.error_weights().tighten(unknowns_[k]);
  }

 private:
  EquationSystem& system_;
  std::vector<network::GraphBranch> sources_, storage_;
  std::vector<std::size_t> unknowns_;  // by storage element
};

void tighten_loops(EquationSystem& system) {
  const Circuit& circuit = system.circuit();
  StorageGraph graph(system);
  for (const Source& source : circuit.voltage_sources)
    if (changes_in_time(source)) graph.add_source(source.plus, source.minus);
  for (const BehaviouralSource& source : circuit.behavioural_sources)
    if (source.voltage && !circuit.programs[source.program].is_constant())
      graph.add_source(source.plus, source.minus);
  graph.add_storage([](const DeviceType& type) { return type.open_at_dc; }, [](NodeId node) { return node; });
  graph.tighten(circuit.node_names.size());
}

/// Everything but inductors and sources of current joins its nodes to one.
void tighten_cut_sets(EquationSystem& system) {
  const Circuit& circuit = system.circuit();
  const std::vector<std::uint32_t>& place = system.auxiliary().cut_sets().group_of;
  if (place.empty()) return;  // no inductors
  StorageGraph graph(system);
  for (const Source& source : circuit.current_sources)
    if (changes_in_time(source)) graph.add_source(place[source.plus], place[source.minus]);
  graph.add_storage([](const DeviceType& type) { return type.short_at_dc; },
                    [&](NodeId node) { return place[node]; });
  graph.tighten(circuit.node_names.size());
}

}  // namespace

void tighten_prescribed(EquationSystem& system) {
  tighten_loops(system);
  tighten_cut_sets(system);
}

}  // namespace memspice
