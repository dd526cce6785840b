#include "equations/topology/tiny_resistances.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "base/disjoint_sets.hpp"

namespace memspice {

namespace {

constexpr double always_tiny = 1e-6;  // ohm
constexpr double never_tiny = 1;      // ohm
// Conductance times 8 roundings of a volt, against a millionth of what a volt drives through the neighbours.
constexpr double disparity = 1e-6 / (8 * std::numeric_limits<double>::epsilon());

/// A resistor or a switch that may be tiny.
struct Candidate {
  NodeId plus, minus;
  double resistance;
  bool is_switch;
  std::uint32_t group, index;
  bool tiny = false;
};

/// Nodes, joined where something tiny stands between them, with the conductances of what is connected there.
class Surroundings {
 public:
  explicit Surroundings(const Circuit& circuit)
      : joined_(circuit.node_names.size()), conductance_(circuit.node_names.size(), 0.0) {
    conductance_[ground] = infinity;
    for (const DeviceGroup& group : circuit.groups) add(group);
    const auto may_carry_anything = [&](const auto& element) { add(element.plus, element.minus, infinity); };
    std::ranges::for_each(circuit.voltage_sources, may_carry_anything);
    std::ranges::for_each(circuit.current_sources, may_carry_anything);
    std::ranges::for_each(circuit.behavioural_sources, may_carry_anything);
    for (const Switch& element : circuit.switches)
      add(element.plus, element.minus,
          1 / (element.on_resistance <= never_tiny ? element.on_resistance : element.off_resistance));
    for (const TransmissionLine& line : circuit.lines)
      for (const NodeId node : line.nodes) conductance_[node] = infinity;
  }

  NodeId find(NodeId node) { return joined_.find(node); }
  [[nodiscard]] double at(NodeId root) const { return conductance_[root]; }
  /// The smallest conductance of any element, S.
  [[nodiscard]] double least() const { return least_; }
  /// Joins two roots; `between` is all that stands between them.
  void join(NodeId a, NodeId b, double between) {
    joined_.join(a, b);
    conductance_[std::min(a, b)] =
        std::max(0.0, conductance_[a] - between) + std::max(0.0, conductance_[b] - between);
  }

 private:
  void add(NodeId plus, NodeId minus, double conductance) {
    conductance_[plus] += conductance;
    conductance_[minus] += conductance;
    least_ = std::min(least_, conductance);
  }
  void add(const DeviceGroup& group) {
    const DeviceType& type = *group.type;
    for (std::size_t k = 0; k < group.count(); ++k) {
      const double resistance =
          type.largest_resistance ? group.parameter(k, *type.largest_resistance) : not_given;
      const double conductance = std::isnan(resistance) ? infinity : 1 / std::abs(resistance);
      const NodeId* nodes = group.nodes.data() + k * type.terminals.size();
      for (const auto& [plus, minus] : type.branches) add(nodes[plus], nodes[minus], conductance);
    }
  }

  DisjointSets joined_;
  std::vector<double> conductance_;  // S, by root
  double least_ = infinity;
};

std::vector<Candidate> candidates_of(const Circuit& circuit) {
  std::vector<Candidate> candidates;
  const auto consider = [&](const Candidate& candidate) {
    if (candidate.resistance != 0 && std::abs(candidate.resistance) <= never_tiny &&
        candidate.plus != candidate.minus)
      candidates.push_back(candidate);
  };
  for (std::uint32_t g = 0; g < circuit.groups.size(); ++g) {
    const DeviceGroup& group = circuit.groups[g];
    if (!group.type->resistance) continue;
    for (std::uint32_t k = 0; k < group.count(); ++k)
      consider({group.nodes[2 * k], group.nodes[2 * k + 1], group.parameter(k, *group.type->resistance),
                false, g, k});
  }
  for (std::uint32_t i = 0; i < circuit.switches.size(); ++i) {
    const Switch& element = circuit.switches[i];
    consider({element.plus, element.minus, element.on_resistance, true, 0, i});
  }
  return candidates;
}

/// Marks what is tiny against its neighbours as they are joined now; true when there is something new. What
/// stands side by side counts as one.
bool mark(std::vector<Candidate>& candidates, Surroundings& surroundings) {
  std::map<std::pair<NodeId, NodeId>, double> between;
  const auto place_of = [&](const Candidate& candidate) {
    return std::minmax({surroundings.find(candidate.plus), surroundings.find(candidate.minus)});
  };
  for (const Candidate& candidate : candidates)
    between[place_of(candidate)] += 1 / std::abs(candidate.resistance);
  bool any = false;
  for (Candidate& candidate : candidates) {
    if (candidate.tiny) continue;
    const auto [a, b] = place_of(candidate);
    if (a == b) {  // beside something tiny
      candidate.tiny = any = true;
      continue;
    }
    const auto known = between.find({a, b});  // unless a neighbour has just been joined
    const double total = known != between.end() ? known->second : 1 / std::abs(candidate.resistance);
    const auto small_beside = [&](NodeId node) {
      const double rest = surroundings.at(node) - total;
      return rest > 0 && rest * disparity < total;
    };
    if (std::abs(candidate.resistance) > always_tiny && !small_beside(a) && !small_beside(b)) continue;
    candidate.tiny = any = true;
    surroundings.join(a, b, total);
  }
  return any;
}

}  // namespace

TinyResistances tiny_resistances(const Circuit& circuit) {
  TinyResistances tiny;
  std::vector<Candidate> candidates = candidates_of(circuit);
  if (candidates.empty()) return tiny;
  Surroundings surroundings(circuit);
  std::erase_if(candidates, [&](const Candidate& candidate) {
    const double resistance = std::abs(candidate.resistance);
    return resistance > always_tiny && 1 / resistance <= disparity * surroundings.least();
  });
  while (mark(candidates, surroundings)) std::ranges::reverse(candidates);  // chains run either way
  for (const Candidate& candidate : candidates) {
    if (!candidate.tiny) continue;
    if (candidate.is_switch) {
      tiny.switches.push_back(candidate.index);
    } else {
      tiny.resistors.push_back({candidate.group, candidate.index});
    }
  }
  return tiny;
}

}  // namespace memspice
