#include "analysis/transient/network_demands.hpp"

#include <algorithm>

#include "analysis/output/shown_sums.hpp"

namespace memspice {

namespace {

using Branch = network::AskedPotentials::Branch;

constexpr double potential_share = 1e-3;  // of reltol, where nothing that rows hold adds up to zero

void keep_unique(auto& list) {
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
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
    demands_.all = rows_.observed || rows_.currents.others || !nodes_.single || floats ||
                   shows_a_sum(system_, rows_.nodes, rows_.currents);
    if (!demands_.all) {
      find_rows();
      find_currents();
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
    network::AskedPotentials& some = demands_.some;
    Branch branch;
    for (const AskedCurrents::Element& element : rows_.currents.elements) {
      if (find_branch(element.group, element.instance, 1, branch)) some.add_sum({&branch, 1});
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
  NetworkDemands demands_;
};

}  // namespace

NetworkDemands network_demands(const EquationSystem& system, const CircuitFlow& circuit,
                               const RowDemands& rows) {
  return DemandFinder(system, circuit, rows).find();
}

}  // namespace memspice
