// What a solution means: names of unknowns, currents and voltages of every branch.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equations/equation_group.hpp"
#include "equations/equation_system.hpp"

namespace memspice {

std::string EquationSystem::name_of(std::size_t i) const {
  if (i < forest_.rows()) {
    for (NodeId node = 0; node < circuit_.node_names.size(); ++node)
      if (forest_.row(node) == i) return fmt::format("v({})", circuit_.node_names[node]);
  }
  if (i < rows()) return auxiliary_.name(i - forest_.rows());
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const auto& unknowns = groups_[g].devices->type->unknowns;
    const std::size_t end = first_unknown_[g] + groups_[g].population->count() * unknowns.size();
    if (i < first_unknown_[g] || i >= end) continue;
    const std::size_t k = (i - first_unknown_[g]) / unknowns.size();
    const UnknownDescription& unknown = unknowns[(i - first_unknown_[g]) % unknowns.size()];
    const std::string_view kind = !unknown.name.empty()                   ? unknown.name
                                  : unknown.quantity == Quantity::voltage ? "v"
                                                                          : "i";
    return fmt::format("{}({})", kind,
                       circuit_.element_names[groups_[g].devices->names[groups_[g].instance(k)]]);
  }
  return {};
}

std::vector<std::string> EquationSystem::held_loose() const {
  std::vector<std::string> names;
  if (!held_.holds_loose()) return names;
  for (const std::uint32_t row : held_.loose()) names.push_back(name_of(row));
  return names;
}

void EquationSystem::branches(double t, const double* y, const double* derivative, BranchValues& out) {
  update_sources(t);
  const EvaluationPoint at = point(t, y, derivative, 1);
  out.current.resize(groups_.size());
  out.voltage.resize(groups_.size());
  std::vector<double>& leaving = out.leaving;
  leaving.assign(circuit_.node_names.size(), 0.0);
  const bool places_rounding = forest_.floats() || islands_->has_capacitors();
  out.tolerated.assign(places_rounding ? leaving.size() : 0, 0.0);
  out.conductance.resize(out.tolerated.size(), 0.0);
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const Group& group = groups_[g];
    const DeviceType& type = *group.devices->type;
    const std::size_t branches = type.branches.size();
    const std::size_t count = group.population->count();
    out.current[g].assign(group.devices->count() * branches, 0.0);
    out.voltage[g].assign(group.devices->count() * branches, 0.0);
    group.population->currents(at, out.current[g].data(), out.voltage[g].data());
    if (!group.member.empty() && count != group.devices->count()) {
      // Population order to instance order, from the back: an instance never stands before its population
      // index.
      for (std::size_t k = count; k-- > 0;) {
        for (std::size_t b = 0; b < branches; ++b) {
          out.current[g][group.member[k] * branches + b] = out.current[g][k * branches + b];
          out.voltage[g][group.member[k] * branches + b] = out.voltage[g][k * branches + b];
        }
      }
      for (std::size_t k = 0; k < group.devices->count(); ++k) {
        if (group.position[k] == short_circuit)
          out.current[g][k * branches] = out.voltage[g][k * branches] = 0;
      }
    }
    if (!auxiliary_.empty()) read_kept_currents(g, y, out);
    for (std::size_t k = 0; k < group.devices->count(); ++k) {
      const NodeId* nodes = group.devices->nodes.data() + k * type.terminals.size();
      for (std::size_t b = 0; b < branches; ++b) {
        leaving[nodes[type.branches[b][0]]] += out.current[g][k * branches + b];
        leaving[nodes[type.branches[b][1]]] -= out.current[g][k * branches + b];
      }
    }
  }
  for (std::size_t i = 0; i < circuit_.current_sources.size(); ++i) {
    leaving[circuit_.current_sources[i].plus] += sources_.current()[i];
    leaving[circuit_.current_sources[i].minus] -= sources_.current()[i];
  }
  read_auxiliary_currents(t, y, derivative, out);
  const std::vector<Tie>& ties = forest_.ties();
  out.tie_current.resize(ties.size());
  if (places_rounding) find_tolerated_sums(y, out);
  if (islands_->has_capacitors()) islands_->place_rounding(circuit_, forest_, out);
  forest_.currents(leaving, out.tie_current);
  if (forest_.floats()) forest_.place_rounding(leaving, out.tolerated, out.most_tolerant, out.tie_current);
  for (std::size_t i = 0; i < ties.size(); ++i) {
    if (ties[i].kind == Tie::Kind::voltage_source) out.source_current[ties[i].index] = out.tie_current[i];
    if (ties[i].kind == Tie::Kind::short_circuit)
      out.current[ties[i].group][ties[i].index] = out.tie_current[i];
  }
}

/// What the sum of a node's currents may be by rounding: a billionth of the largest of them, and that of
/// potentials times the conductances there.
void EquationSystem::find_tolerated_sums(const double* y, BranchValues& out) const {
  constexpr double part = 1e-9;
  constexpr double rounding = 8 * 2.2e-16;
  const double highest = largest_voltage(y);
  const auto note = [&](NodeId node, double sum) {
    out.tolerated[node] = std::max(out.tolerated[node], std::abs(sum));
  };
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const DeviceGroup& devices = *groups_[g].devices;
    const DeviceType& type = *devices.type;
    const std::size_t branches = type.branches.size();
    const bool conducts = !type.open_at_dc && !type.short_at_dc;
    for (std::size_t i = 0; i < devices.count() * branches; ++i) {
      const double current = out.current[g][i], voltage = out.voltage[g][i];
      double conductance = conducts && voltage != 0 ? std::abs(current / voltage) : 0;
      if (conducts && voltage == 0) {  // it is what it was
        const std::uint32_t k = groups_[g].find(i / branches);
        if (k != short_circuit) conductance = std::abs(groups_[g].population->conductance(k));
      }
      const NodeId* nodes = devices.nodes.data() + i / branches * type.terminals.size();
      for (const auto terminal : type.branches[i % branches]) {
        note(nodes[terminal], part * current);
        out.conductance[nodes[terminal]] = std::max(out.conductance[nodes[terminal]], conductance);
      }
    }
  }
  for (NodeId node = 0; node < out.tolerated.size(); ++node) {
    note(node, part * out.leaving[node]);
    out.tolerated[node] += rounding * highest * out.conductance[node];
  }
}

/// Currents of inductors, short circuits and tiny resistors that are unknowns of their own.
void EquationSystem::read_kept_currents(std::size_t g, const double* y, BranchValues& out) const {
  const Group& group = groups_[g];
  const auto number = static_cast<std::uint32_t>(g);
  for (std::uint32_t k = 0; k < group.position.size(); ++k) {
    if (group.position[k] != short_circuit) continue;
    const std::uint32_t row = auxiliary_.current_row(number, k);
    if (row == no_row) continue;
    out.current[g][k] = y[row];
    const NodeId* nodes = group.devices->nodes.data() + 2 * k;
    if (row == auxiliary_.sets().inductors.row_of(number, k))
      out.voltage[g][k] = voltage(nodes[0], y) - voltage(nodes[1], y);
    if (row == auxiliary_.sets().resistors.row_of(number, k))
      out.voltage[g][k] = group.devices->parameters[k * group.devices->type->parameters.size()] * y[row];
  }
}

void EquationSystem::read_auxiliary_currents(double t, const double* y, const double* derivative,
                                             BranchValues& out) {
  out.source_current.resize(circuit_.voltage_sources.size());
  if (auxiliary_.empty()) return;
  const AuxiliaryPoint at = auxiliary_point(t, y, derivative);
  for (std::uint32_t i = 0; i < circuit_.voltage_sources.size(); ++i) {
    const std::uint32_t row = auxiliary_.sets().sources.row_of(i);
    if (row != no_row) out.source_current[i] = y[row];
  }
  auxiliary_.share(y, auxiliary_.load_currents(at).data(), out.behavioural_current, out.switch_current,
                   out.line_current, out.leaving);
}

double EquationSystem::observe(double t, const double* y, const double* derivative, std::size_t group,
                               std::size_t instance, std::size_t observable) {
  update_sources(t);
  const std::uint32_t k = groups_[group].find(instance);
  return k == short_circuit ? 0
                            : groups_[group].population->observe(point(t, y, derivative, 1), k, observable);
}

std::vector<std::string> EquationSystem::suspects(std::size_t most) const {
  std::vector<std::pair<double, std::uint32_t>> negative;
  for (const RowSet* set : auxiliary_.sets().all) set->find_negative(negative);
  for (const Group& group : groups_) {
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      const double conductance = group.population->conductance(k);
      if (conductance < 0) negative.emplace_back(conductance, group.devices->names[group.instance(k)]);
    }
  }
  std::ranges::sort(negative);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(most, negative.size()); ++i)
    names.emplace_back(circuit_.element_names[negative[i].second]);
  return names;
}

std::vector<std::size_t> EquationSystem::dynamic_unknowns() const {
  std::vector<std::size_t> dynamic;
  for (std::size_t k = 0; k < auxiliary_.count(); ++k)
    if (auxiliary_.unknown(k).dynamic) dynamic.push_back(potentials() + k);
  for (std::size_t i = rows(); i < size_; ++i) dynamic.push_back(i);
  const std::vector<std::size_t> held = held_unknowns();
  std::erase_if(dynamic, [&](std::size_t i) { return std::ranges::binary_search(held, i); });
  return dynamic;
}

int EquationSystem::met_side(std::size_t i) const {
  if (i < rows()) return 0;
  const auto next = std::ranges::upper_bound(first_unknown_, i);
  const auto g = static_cast<std::size_t>(next - first_unknown_.begin()) - 1;
  const std::span<const std::int8_t> sides = groups_[g].population->met();
  return sides.empty() ? 0 : sides[i - first_unknown_[g]];
}

std::vector<std::size_t> EquationSystem::held_unknowns() const {
  std::vector<std::size_t> held;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const std::span<const std::int8_t> sides = groups_[g].population->held();
    for (std::size_t i = 0; i < sides.size(); ++i)
      if (sides[i] != 0) held.push_back(first_unknown_[g] + i);
  }
  return held;
}

std::size_t EquationSystem::unknown_index(std::size_t group, std::size_t instance,
                                          std::size_t unknown) const {
  const std::uint32_t k = groups_[group].find(instance);
  if (k == short_circuit) {
    const std::uint32_t row = auxiliary_.sets().inductors.row_of(static_cast<std::uint32_t>(group),
                                                                 static_cast<std::uint32_t>(instance));
    return row == no_row ? npos : row;
  }
  return first_unknown_[group] + k * groups_[group].devices->type->unknowns.size() + unknown;
}

}  // namespace memspice
