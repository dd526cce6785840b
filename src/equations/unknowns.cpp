#include "equations/unknowns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "equations/topology/connectivity.hpp"
#include "equations/topology/loops.hpp"

namespace memspice {

namespace {

/// A resistor of 0 ohm always, an inductor at the operating point: no equation of its own, two nodes become
/// one.
bool is_short_device(const DeviceGroup& group, std::size_t instance, EquationMode mode) {
  if (group.type->short_at_dc) return is_at_rest(mode);
  return group.has_no_resistance(instance);
}

struct Ties {
  std::vector<Tie> ties;
  DisjointSets joined;  // nodes, by these and others
};

/// Ties of the potentials; those whose currents are unknowns stand apart while loops are looked for.
Ties ties_of(const Circuit& circuit, EquationMode mode, AuxiliaryRows& auxiliary) {
  std::vector<Tie> ties, kept;
  ties.reserve(circuit.voltage_sources.size());
  for (std::uint32_t i = 0; i < circuit.voltage_sources.size(); ++i) {
    const Source& source = circuit.voltage_sources[i];
    (auxiliary.sets().sources.row_of(i) != no_row ? kept : ties)
        .push_back({Tie::Kind::voltage_source, i, 0, source.plus, source.minus});
  }
  if (mode == EquationMode::operating_point) {
    for (std::uint32_t i = 0; i < circuit.initial_conditions.size(); ++i)
      ties.push_back({Tie::Kind::initial_condition, i, 0, circuit.initial_conditions[i].node, ground});
  }
  for (std::uint32_t g = 0; g < circuit.groups.size(); ++g) {
    const DeviceGroup& group = circuit.groups[g];
    if (!group.type->short_at_dc && !group.type->resistance) continue;
    for (std::uint32_t k = 0; k < group.count(); ++k) {
      if (is_short_device(group, k, mode) && !auxiliary.replaces(g, k))
        (auxiliary.sets().short_circuits.row_of(g, k) != no_row ? kept : ties)
            .push_back({Tie::Kind::short_circuit, k, g, group.nodes[2 * k], group.nodes[2 * k + 1]});
    }
  }
  const std::size_t own = ties.size();
  ties.insert(ties.end(), kept.begin(), kept.end());
  TiedNodes tied = find_idle_shorts(circuit, ties, is_at_rest(mode));
  for (const Tie& idle : tied.idle) {
    if (idle.kind == Tie::Kind::line) {
      auxiliary.sets().lines.set_idle(idle.index);
    } else if (auxiliary.sets().short_circuits.row_of(idle.group, idle.index) != no_row) {
      auxiliary.sets().short_circuits.set_idle(idle.group, idle.index);
    }
  }
  ties.resize(own);
  return {std::move(ties), std::move(tied.joined)};
}

}  // namespace

bool differs_at_operating_point(const Circuit& circuit) {
  return !circuit.initial_conditions.empty() || !circuit.programs.empty() || !circuit.lines.empty() ||
         std::ranges::any_of(circuit.groups,
                             [](const DeviceGroup& group) { return group.type->short_at_dc; });
}

void require_potentials(const Circuit& circuit, EquationMode mode) {
  AuxiliaryRows auxiliary(circuit, is_at_rest(mode), mode == EquationMode::transient);
  Ties tied = ties_of(circuit, mode, auxiliary);
  if (all_have_paths_to_ground(circuit, std::move(tied.joined), is_at_rest(mode))) return;
  const PotentialForest forest(circuit, std::move(tied.ties));
  require_paths_to_ground(circuit, forest, is_at_rest(mode));
}

Unknowns::Unknowns(const Circuit& circuit, EquationMode mode)
    : circuit_(circuit),
      mode_(mode),
      auxiliary_(circuit, is_at_rest(mode), mode == EquationMode::transient),
      forest_(circuit, ties_of(circuit, mode, auxiliary_).ties) {
  require_paths_to_ground(circuit, forest_, is_at_rest(mode));
  auxiliary_.attach(forest_, forest_.rows());
  size_ = rows();
  for (std::uint32_t g = 0; g < circuit.groups.size(); ++g) {
    EquationGroup group = make_group(g);
    wire(group);
    group.population->wiring.first_unknown = size_;
    size_ += group.population->count() * group.devices->type->unknowns.size();
    auxiliary_.sets().taps.attach(g, *group.population, group.position);
    groups_.push_back(std::move(group));
  }
  note_algebraic();
  linear_ = mode == EquationMode::transient && auxiliary_.sets().are_linear() &&
            std::ranges::all_of(groups_, [](const EquationGroup& g) { return g.population->is_linear(); });
}

EquationGroup Unknowns::make_group(std::uint32_t g) const {
  const DeviceGroup& devices = circuit_.groups[g];
  const DeviceType& type = *devices.type;
  EquationGroup group;
  group.devices = &devices;
  if (!type.short_at_dc && !type.resistance) {
    group.population = type.populate(group.parameters(), devices.count(), circuit_.records.curves);
    return group;
  }
  group.position.assign(devices.count(), short_circuit);
  for (std::uint32_t k = 0; k < devices.count(); ++k) {
    if (is_short_device(devices, k, mode_) || auxiliary_.replaces(g, k)) continue;
    group.position[k] = static_cast<std::uint32_t>(group.member.size());
    group.member.push_back(k);
  }
  group.population = type.populate(group.parameters(), group.member.size(), circuit_.records.curves);
  return group;
}

void Unknowns::wire(EquationGroup& group) const {
  const DeviceGroup& devices = *group.devices;
  const DeviceType& type = *devices.type;
  const std::size_t count = group.population->count();
  Wiring& wiring = group.population->wiring;
  wiring.plus.reserve(count * type.branches.size());
  wiring.minus.reserve(count * type.branches.size());
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t first = group.instance(k) * type.terminals.size();
    for (const auto& [plus, minus] : type.branches) {
      const std::uint32_t from = forest_.row(devices.nodes[first + static_cast<std::size_t>(plus)]);
      const std::uint32_t to = forest_.row(devices.nodes[first + static_cast<std::size_t>(minus)]);
      // Across sources a current enters the node's equation and leaves it: the rounding of its sum would
      // stay, of kiloamperes perhaps.
      wiring.plus.push_back(from == to ? 0 : from);
      wiring.minus.push_back(from == to ? 0 : to);
    }
  }
  wiring.minus_is_ground = std::ranges::all_of(wiring.minus, [](std::uint32_t row) { return row == 0; });
  if (!forest_.ties().empty()) wiring.emf.assign(wiring.plus.size(), 0.0);
}

void Unknowns::note_algebraic() {
  algebraic_.first = rows();
  for (const EquationGroup& group : groups_) {
    const std::vector<UnknownDescription>& unknowns = group.devices->type->unknowns;
    for (std::size_t j = 0; j < unknowns.size(); ++j) {
      if (unknowns[j].kind != UnknownKind::algebraic) continue;
      algebraic_.is_one.resize(size_ - rows(), false);
      for (std::size_t k = 0; k < group.population->count(); ++k) {
        const std::size_t i = group.population->wiring.first_unknown + k * unknowns.size() + j;
        algebraic_.is_one[i - rows()] = true;
        if (unknowns[j].quantity == Quantity::voltage) algebraic_.voltages.push_back(i);
      }
    }
  }
}

std::size_t Unknowns::index(std::size_t group, std::size_t instance, std::size_t unknown) const {
  const std::uint32_t k = groups_[group].find(instance);
  if (k == short_circuit) {
    const std::uint32_t row = auxiliary_.sets().inductors.row_of(static_cast<std::uint32_t>(group),
                                                                 static_cast<std::uint32_t>(instance));
    return row == no_row ? npos : row;
  }
  return first(group) + k * groups_[group].devices->type->unknowns.size() + unknown;
}

StateBounds Unknowns::bounds(std::size_t group, std::size_t instance, std::size_t unknown) const {
  const std::vector<UnknownDescription>& all = groups_[group].devices->type->unknowns;
  const std::size_t k = groups_[group].find(static_cast<std::uint32_t>(instance));
  return groups_[group].population->bounds(k * all.size() + unknown, all[unknown]);
}

std::string Unknowns::name_of(std::size_t i) const {
  if (i < potentials()) {
    for (NodeId node = 0; node < circuit_.node_names.size(); ++node)
      if (forest_.row(node) == i) return fmt::format("v({})", circuit_.node_names[node]);
  }
  if (i < rows()) return auxiliary_.name(i - potentials());
  for (const EquationGroup& group : groups_) {
    const auto& unknowns = group.devices->type->unknowns;
    const std::size_t first = group.population->wiring.first_unknown;
    if (i < first || i >= first + group.population->count() * unknowns.size()) continue;
    const UnknownDescription& unknown = unknowns[(i - first) % unknowns.size()];
    const std::string_view kind = !unknown.name.empty()                   ? unknown.name
                                  : unknown.quantity == Quantity::voltage ? "v"
                                                                          : "i";
    const std::size_t instance = group.instance((i - first) / unknowns.size());
    return fmt::format("{}({})", kind, circuit_.element_names[group.devices->names[instance]]);
  }
  return {};
}

std::vector<std::size_t> Unknowns::dynamic() const {
  std::vector<std::size_t> dynamic;
  for (std::size_t k = 0; k < auxiliary_.count(); ++k)
    if (auxiliary_.unknown(k).dynamic) dynamic.push_back(potentials() + k);
  for (std::size_t i = rows(); i < size_; ++i)
    if (!algebraic_.contains(i)) dynamic.push_back(i);
  const std::vector<std::size_t> held = this->held();
  std::erase_if(dynamic, [&](std::size_t i) { return std::ranges::binary_search(held, i); });
  return dynamic;
}

std::vector<std::size_t> Unknowns::held() const {
  std::vector<std::size_t> held;
  for (const EquationGroup& group : groups_) {
    const std::span<const std::int8_t> sides = group.population->held();
    for (std::size_t i = 0; i < sides.size(); ++i)
      if (sides[i] != 0) held.push_back(group.population->wiring.first_unknown + i);
  }
  return held;
}

}  // namespace memspice
