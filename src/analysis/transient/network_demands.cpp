#include "analysis/transient/network_demands.hpp"

#include <algorithm>

namespace memspice {

namespace {

using Branch = network::FlowPoints::Some::Branch;

constexpr double potential_share = 1e-3;  // of reltol, where nothing that rows hold adds up to zero

void keep_unique(auto& list) {
  std::ranges::sort(list);
  const auto [first, last] = std::ranges::unique(list);
  list.erase(first, last);
}

class DemandFinder {
 public:
  DemandFinder(const EquationSystem& system, const CircuitFlow& circuit, const RowDemands& rows)
      : system_(system), net_(circuit.network), rows_(rows), nodes_(summed_nodes(system, rows.currents)) {
    find_branches(circuit);
  }

  NetworkDemands find() {
    // Of trees that float the currents of sources depend on what rounding leaves of the trees' sums.
    const bool floats = !nodes_.summed.empty() && system_.unknowns().forest().floats();
    demands_.all = rows_.observed || rows_.currents.others || !nodes_.single || floats;
    if (!demands_.all) {
      find_rows();
      find_currents();
      demands_.all = shows_a_sum();
    }
    if (demands_.all) demands_.some = {};
    demands_.some.accuracy = potential_share * system_.circuit().options.reltol;
    keep_unique(demands_.some.rows);
    keep_unique(demands_.some.asked);
    keep_unique(demands_.memristors);
    return std::move(demands_);
  }

 private:
  /// Where the devices of the circuit's groups are among the network's branches, and whose states are saved.
  void find_branches(const CircuitFlow& circuit) {
    const auto& groups = system_.unknowns().groups();
    branches_.resize(groups.size());
    std::uint32_t resistor = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      branches_[g].memristor = groups[g].devices->type->network_role != NetworkRole::resistor;
      if (!branches_[g].memristor) {
        branches_[g].first = resistor;
        resistor += static_cast<std::uint32_t>(groups[g].population->count());
      }
    }
    memristor_at_.assign(system_.size(), 0);
    for (std::size_t k = 0; k < circuit.states.size(); ++k) {
      memristor_at_[circuit.states[k]] = static_cast<std::uint32_t>(k);
      if (std::ranges::binary_search(rows_.states, circuit.states[k]))
        demands_.memristors.push_back(static_cast<std::uint32_t>(k));
    }
  }

  void find_rows() {
    const PotentialForest& forest = system_.unknowns().forest();
    const std::vector<std::uint8_t> with_offset = forest.nodes_with_offset();
    for (const NodeId node : rows_.nodes) {
      demands_.some.asked.push_back(forest.row(node));
      demands_.with_offsets |= with_offset[node] != 0;
    }
    known_.assign(net_.rows, 0);
    known_[0] = 1;
    for (const std::size_t row : demands_.some.asked) known_[row] = 1;
  }

  /// The branch of a device; false: it is a short circuit.
  bool find_branch(std::size_t group, std::size_t instance, double sign, Branch& branch) const {
    const EquationGroup& devices = system_.unknowns().groups()[group];
    const std::uint32_t k = devices.find(instance);
    if (k == short_circuit) return false;
    const bool memristor = branches_[group].memristor;
    branch = {
        memristor,
        memristor ? memristor_at_[devices.population->wiring.first_unknown + k] : branches_[group].first + k,
        sign};
    return true;
  }

  void find_currents() {
    network::FlowPoints::Some& some = demands_.some;
    asked_memristors_.assign(net_.memristors.size(), 0);
    asked_resistors_.assign(net_.resistors.size(), 0);
    Branch branch;
    for (const AskedCurrents::Element& element : rows_.currents.elements) {
      if (!find_branch(element.group, element.instance, 1, branch)) continue;
      (branch.memristor ? asked_memristors_ : asked_resistors_)[branch.k] = 1;
      some.add_sum({&branch, 1});
    }
    std::vector<std::pair<NodeId, Branch>> ends;
    for_each_end(system_, nodes_, [&](std::size_t group, std::size_t instance, std::size_t end, NodeId node) {
      if (find_branch(group, instance, end == 0 ? 1 : -1, branch)) ends.emplace_back(node, branch);
    });
    std::ranges::stable_sort(ends, {}, &std::pair<NodeId, Branch>::first);
    std::vector<Branch> sum;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      sum.push_back(ends[i].second);
      if (i + 1 < ends.size() && ends[i + 1].first == ends[i].first) continue;
      some.add_sum(sum);
      sum.clear();
    }
    some.rows = some.asked;
    for (const Branch& needed : some.branches) {
      const network::FlowEnds& of = needed.memristor ? net_.memristors : net_.resistors;
      some.rows.insert(some.rows.end(), {of.plus[needed.k], of.minus[needed.k]});
      if (needed.memristor) demands_.memristors.push_back(needed.k);
    }
    demands_.with_offsets |= !some.branches.empty();
  }

  /// Whether rows have all that the currents at some potential, or at ground, add up from. A branch is known
  /// by its current, or by the potentials at both its ends; the current of a voltage source at ground is by
  /// itself the sum at its other end.
  [[nodiscard]] bool shows_a_sum() const {
    std::vector<std::uint8_t> open(net_.rows, 0);
    const auto look = [&](const network::FlowEnds& ends, const std::vector<std::uint8_t>& asked) {
      for (std::size_t k = 0; k < ends.size(); ++k) {
        if (asked[k] != 0 || (known_[ends.plus[k]] != 0 && known_[ends.minus[k]] != 0)) continue;
        open[ends.plus[k]] = open[ends.minus[k]] = 1;
      }
    };
    look(net_.memristors, asked_memristors_);
    look(net_.resistors, asked_resistors_);
    if (std::find(open.begin() + 1, open.end(), 0) != open.end()) return true;
    return shows_ground();
  }

  [[nodiscard]] bool shows_ground() const {
    const std::vector<Source>& sources = system_.circuit().voltage_sources;
    std::vector<std::uint8_t> asked(sources.size(), 0);
    for (const std::uint32_t source : rows_.currents.voltage_sources) asked[source] = 1;
    for (std::size_t i = 0; i < sources.size(); ++i)
      if ((sources[i].plus == ground) != (sources[i].minus == ground) && asked[i] == 0) return false;
    Branch branch;
    const auto& groups = system_.unknowns().groups();
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const std::vector<NodeId>& nodes = groups[g].devices->nodes;
      for (std::size_t i = 0; i < groups[g].devices->count(); ++i) {
        if ((nodes[2 * i] == ground) == (nodes[2 * i + 1] == ground)) continue;
        if (!find_branch(g, i, 1, branch)) return false;
        if ((branch.memristor ? asked_memristors_ : asked_resistors_)[branch.k] != 0) continue;
        const network::FlowEnds& of = branch.memristor ? net_.memristors : net_.resistors;
        if (known_[of.plus[branch.k]] == 0 || known_[of.minus[branch.k]] == 0) return false;
      }
    }
    return true;
  }

  struct Place {
    bool memristor = false;
    std::uint32_t first = 0;  // of resistors
  };

  const EquationSystem& system_;
  const network::FlowNetwork& net_;
  const RowDemands& rows_;
  SummedNodes nodes_;
  std::vector<Place> branches_;              // by group
  std::vector<std::uint32_t> memristor_at_;  // by place in y
  std::vector<std::uint8_t> known_;          // by row: its potential is shown
  std::vector<std::uint8_t> asked_memristors_, asked_resistors_;
  NetworkDemands demands_;
};

}  // namespace

NetworkDemands network_demands(const EquationSystem& system, const CircuitFlow& circuit,
                               const RowDemands& rows) {
  return DemandFinder(system, circuit, rows).find();
}

}  // namespace memspice
