#include "equations/readout.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

std::vector<std::string> held_loose(const EquationSystem& system) {
  std::vector<std::string> names;
  if (!system.held().holds_loose()) return names;
  for (const std::uint32_t row : system.held().loose()) names.push_back(system.unknowns().name_of(row));
  return names;
}

namespace {

/// What the sum of a node's currents may be by rounding: a billionth of the largest of them, and that of
/// potentials times the conductances there.
void find_tolerated_sums(const EquationSystem& system, const double* y, BranchValues& out) {
  constexpr double part = 1e-9;
  constexpr double rounding = 8 * 2.2e-16;
  const double highest = system.points().largest_voltage(y);
  const auto note = [&](NodeId node, double sum) {
    out.tolerated[node] = std::max(out.tolerated[node], std::abs(sum));
  };
  for (std::size_t g = 0; g < system.unknowns().groups().size(); ++g) {
    const DeviceGroup& devices = *system.unknowns().groups()[g].devices;
    const DeviceType& type = *devices.type;
    const std::size_t branches = type.branches.size();
    const bool conducts = !type.open_at_dc && !type.short_at_dc;
    for (std::size_t i = 0; i < devices.count() * branches; ++i) {
      const double current = out.current[g][i], voltage = out.voltage[g][i];
      double conductance = conducts && voltage != 0 ? std::abs(current / voltage) : 0;
      if (conducts && voltage == 0) {  // it is what it was
        const std::uint32_t k = system.unknowns().groups()[g].find(i / branches);
        if (k != short_circuit)
          conductance = std::abs(system.unknowns().groups()[g].population->conductance(k));
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
void read_kept_currents(const EquationSystem& system, std::size_t g, const double* y, BranchValues& out) {
  const EquationGroup& group = system.unknowns().groups()[g];
  const auto number = static_cast<std::uint32_t>(g);
  for (std::uint32_t k = 0; k < group.position.size(); ++k) {
    if (group.position[k] != short_circuit) continue;
    const std::uint32_t row = system.auxiliary().current_row(number, k);
    if (row == no_row) continue;
    out.current[g][k] = y[row];
    const NodeId* nodes = group.devices->nodes.data() + 2 * k;
    if (row == system.auxiliary().sets().inductors.row_of(number, k))
      out.voltage[g][k] = system.points().voltage(nodes[0], y) - system.points().voltage(nodes[1], y);
    if (row == system.auxiliary().sets().resistors.row_of(number, k))
      out.voltage[g][k] = group.devices->parameter(k, 0) * y[row];
  }
}

void read_auxiliary_currents(EquationSystem& system, double t, const double* y, const double* derivative,
                             BranchValues& out) {
  out.source_current.resize(system.circuit().voltage_sources.size());
  if (system.auxiliary().empty()) return;
  const AuxiliaryPoint at = system.points().of_rows(t, y, derivative);
  for (std::uint32_t i = 0; i < system.circuit().voltage_sources.size(); ++i) {
    const std::uint32_t row = system.auxiliary().sets().sources.row_of(i);
    if (row != no_row) out.source_current[i] = y[row];
  }
  system.auxiliary().share(y, system.auxiliary().load_currents(at).data(), out.behavioural_current,
                           out.switch_current, out.line_current, out.leaving);
}

}  // namespace

void read_branches(EquationSystem& system, double t, const double* y, const double* derivative,
                   BranchValues& out) {
  system.points().go_to(t);
  const EvaluationPoint at = system.points().of_devices(t, y, derivative);
  const auto wanted = [&](std::size_t group) { return out.wanted.empty() || out.wanted[group].any(); };
  out.current.resize(system.unknowns().groups().size());
  out.voltage.resize(system.unknowns().groups().size());
  std::vector<double>& leaving = out.leaving;
  leaving.assign(system.circuit().node_names.size(), 0.0);
  const bool places_rounding = out.wanted.empty() && (system.unknowns().forest().floats() ||
                                                      system.matrix().islands().has_capacitors());
  out.tolerated.assign(places_rounding ? leaving.size() : 0, 0.0);
  out.conductance.resize(out.tolerated.size(), 0.0);
  for (std::size_t g = 0; g < system.unknowns().groups().size(); ++g) {
    if (!wanted(g)) continue;
    const EquationGroup& group = system.unknowns().groups()[g];
    const DeviceType& type = *group.devices->type;
    const std::size_t branches = type.branches.size();
    const std::size_t count = group.population->count();
    const auto leave = [&](std::size_t k) {
      const NodeId* nodes = group.devices->nodes.data() + k * type.terminals.size();
      for (std::size_t b = 0; b < branches; ++b) {
        leaving[nodes[type.branches[b][0]]] += out.current[g][k * branches + b];
        leaving[nodes[type.branches[b][1]]] -= out.current[g][k * branches + b];
      }
    };
    if (!out.wanted.empty() && !out.wanted[g].all && count == group.devices->count()) {
      out.current[g].resize(count * branches);
      out.voltage[g].resize(count * branches);
      group.population->currents(at, out.wanted[g].instances, out.current[g].data(), out.voltage[g].data());
      std::ranges::for_each(out.wanted[g].instances, leave);
      continue;
    }
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
    if (!system.auxiliary().empty()) read_kept_currents(system, g, y, out);
    for (std::size_t k = 0; k < group.devices->count(); ++k) leave(k);
  }
  for (std::size_t i = 0; i < system.circuit().current_sources.size(); ++i) {
    leaving[system.circuit().current_sources[i].plus] += system.sources().current()[i];
    leaving[system.circuit().current_sources[i].minus] -= system.sources().current()[i];
  }
  read_auxiliary_currents(system, t, y, derivative, out);
  const std::vector<Tie>& ties = system.unknowns().forest().ties();
  out.tie_current.resize(ties.size());
  if (places_rounding) find_tolerated_sums(system, y, out);
  if (system.matrix().islands().has_capacitors())
    system.matrix().islands().place_rounding(system.circuit(), system.unknowns().forest(), out);
  system.unknowns().forest().currents(leaving, out.tie_current);
  if (places_rounding && system.unknowns().forest().floats())
    system.unknowns().forest().place_rounding(leaving, out.tolerated, out.most_tolerant, out.tie_current);
  for (std::size_t i = 0; i < ties.size(); ++i) {
    if (ties[i].kind == Tie::Kind::voltage_source) out.source_current[ties[i].index] = out.tie_current[i];
    if (ties[i].kind == Tie::Kind::short_circuit && wanted(ties[i].group))
      out.current[ties[i].group][ties[i].index] = out.tie_current[i];
  }
}

double observe(EquationSystem& system, double t, const double* y, const double* derivative, std::size_t group,
               std::size_t instance, std::size_t observable) {
  system.points().go_to(t);
  const std::uint32_t k = system.unknowns().groups()[group].find(instance);
  return k == short_circuit ? 0
                            : system.unknowns().groups()[group].population->observe(
                                  system.points().of_devices(t, y, derivative), k, observable);
}

std::vector<std::string> negative_resistances(const EquationSystem& system, std::size_t most) {
  std::vector<std::pair<double, std::uint32_t>> negative;
  for (const RowSet* set : system.auxiliary().sets().all) set->find_negative(negative);
  for (const EquationGroup& group : system.unknowns().groups()) {
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      const double conductance = group.population->conductance(k);
      if (conductance < 0) negative.emplace_back(conductance, group.devices->names[group.instance(k)]);
    }
  }
  std::ranges::sort(negative);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(most, negative.size()); ++i)
    names.emplace_back(system.circuit().element_names[negative[i].second]);
  return names;
}

}  // namespace memspice
