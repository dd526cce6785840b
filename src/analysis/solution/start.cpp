#include "analysis/solution/start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equations/readout.hpp"
#include "equations/topology/connectivity.hpp"

namespace memspice {

namespace {

template <class Callable>
void for_each_unknown(const EquationSystem& system, Callable&& callable) {
  const Circuit& circuit = system.circuit();
  for (std::size_t g = 0; g < circuit.groups.size(); ++g) {
    const DeviceGroup& group = circuit.groups[g];
    for (std::size_t j = 0; j < group.type->unknowns.size(); ++j) {
      const std::size_t parameter =
          group.type->find_parameter(group.type->unknowns[j].initial).value_or(Unknowns::npos);
      for (std::size_t k = 0; k < group.count(); ++k) {
        const std::size_t index = system.unknowns().index(g, k, j);
        const double given = parameter == Unknowns::npos ? not_given : group.parameter(k, parameter);
        callable(g, k, j, index, given);
      }
    }
  }
}

/// Internal unknowns that follow from what the deck gives.
void start_devices(const EquationSystem& system, const std::vector<double>& node_voltage,
                   std::vector<double>& y) {
  std::vector<double> voltage;
  for (const EquationGroup& group : system.unknowns().groups()) {
    const DeviceType& type = *group.devices->type;
    voltage.resize(type.branches.size());
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      const NodeId* nodes = group.devices->nodes.data() + group.instance(k) * type.terminals.size();
      std::ranges::transform(type.branches, voltage.begin(), [&](const std::array<int, 2>& branch) {
        return node_voltage[nodes[branch[0]]] - node_voltage[nodes[branch[1]]];
      });
      group.population->start(k, voltage.data(), y.data());
    }
  }
}

}  // namespace

Solution initial_guess(const EquationSystem& system) {
  Solution at{std::vector<double>(system.size(), 0.0), std::vector<double>(system.size(), 0.0)};
  for (const NodeVoltage& guess : system.circuit().nodesets)
    if (guess.node != ground) system.points().set_voltage(guess.node, guess.voltage, at.y.data());
  for (const EquationGroup& group : system.unknowns().groups()) group.population->guess(at.y.data());
  for_each_unknown(system, [&](std::size_t, std::size_t, std::size_t, std::size_t index, double given) {
    if (index != Unknowns::npos && !std::isnan(given)) at.y[index] = given;
  });
  system.auxiliary().initialise(at.y.data());
  return at;
}

Solution transfer(EquationSystem& from, double t, const Solution& at, EquationSystem& to) {
  Solution result = initial_guess(to);
  BranchValues branches;
  read_branches(from, t, at.y.data(), at.derivative.data(), branches);
  std::vector<double> residual(to.size());
  to.residual(t, result.y.data(), result.derivative.data(), 1, residual.data());  // sources at t
  for (NodeId node = static_cast<NodeId>(to.circuit().node_names.size()); node-- > 1;)
    to.points().set_voltage(node, from.points().voltage(node, at.y.data()), result.y.data());
  for_each_unknown(to, [&](std::size_t g, std::size_t k, std::size_t j, std::size_t index, double) {
    if (index == Unknowns::npos) return;
    const std::size_t there = from.unknowns().index(g, k, j);
    // What is a short circuit at the operating point, an inductor, has the current through it as its state.
    result.y[index] = there == Unknowns::npos ? branches.current[g][k] : at.y[there];
  });
  from.auxiliary().transfer(at.y.data(), to.auxiliary(), result.y.data());
  for (std::uint32_t i = 0; i < to.circuit().voltage_sources.size(); ++i)
    if (const std::uint32_t row = to.auxiliary().sets().sources.row_of(i); row != no_row)
      result.y[row] = branches.source_current[i];
  to.auxiliary().modes().adopt(from.auxiliary().modes());
  // The current of an inductor is that of a short circuit there, and here a tap.
  to.residual(t, result.y.data(), result.derivative.data(), 1, residual.data());
  for (const TapRow& tap : to.auxiliary().sets().taps.rows()) result.y[tap.row] -= residual[tap.row];
  return result;
}

Start start_of_transient(const Circuit& circuit, const TransientCard& card, EquationSystem& transient) {
  Start start;
  start.at = initial_guess(transient);
  std::vector<double>& y = start.at.y;
  if (card.use_initial_conditions) {
    start.method = "initial conditions";
    std::vector<double> voltage(circuit.node_names.size(), 0.0);
    for (const NodeVoltage& condition : circuit.initial_conditions) {
      voltage[condition.node] = condition.voltage;
      if (condition.node != ground)
        transient.points().set_voltage(condition.node, condition.voltage, y.data());
    }
    for_each_unknown(transient,
                     [&](std::size_t g, std::size_t k, std::size_t j, std::size_t index, double given) {
                       const DeviceGroup& group = circuit.groups[g];
                       if (index == Unknowns::npos || !std::isnan(given)) return;
                       if (group.type->unknowns[j].kind != UnknownKind::charge || !group.type->open_at_dc)
                         return;
                       const NodeId* nodes = group.nodes.data() + k * group.type->terminals.size();
                       y[index] = voltage[nodes[0]] - voltage[nodes[1]];
                     });
    start_devices(transient, voltage, y);
    return start;
  }

  if (!differs_at_operating_point(circuit)) {
    require_paths_to_ground(circuit, transient.unknowns().forest(), true);
    transient.points().hold_states(true);
    start.method = solve_operating_point(transient, 0.0, false, start.at);
    transient.points().hold_states(false);
    return start;
  }

  EquationSystem operating_point(circuit, EquationSystem::Mode::operating_point);
  operating_point.sources().resolve(card.step, card.stop);
  operating_point.sources().enter_segment(0.0);
  Solution at = initial_guess(operating_point);
  start.method = solve_operating_point(operating_point, 0.0, false, at);

  start.loose = held_loose(operating_point);
  start.at = transfer(operating_point, 0.0, at, transient);
  return start;
}

std::optional<Start> start_of_states(const Circuit& circuit, const TransientCard& card,
                                     const EquationSystem& transient) {
  if (card.use_initial_conditions || differs_at_operating_point(circuit)) return {};
  require_paths_to_ground(circuit, transient.unknowns().forest(), true);
  return Start{initial_guess(transient), "states", {}};
}

void warn_of_loose(const Circuit& circuit, Location where, const std::vector<std::string>& loose,
                   std::vector<Diagnostic>& warnings) {
  if (loose.empty()) return;
  constexpr std::size_t most = 5;
  const std::size_t named = std::min(most, loose.size());
  std::string names =
      fmt::format("{}", fmt::join(loose.begin(), loose.begin() + static_cast<std::ptrdiff_t>(named), ", "));
  if (loose.size() > most) names += fmt::format(" and {} more", loose.size() - most);
  warnings.push_back(
      diagnose(*circuit.sources, where, 1,
               fmt::format("nothing determines {} at rest: only capacitors and controlled "
                           "currents, which are 0, lead there; 0 V is taken",
                           names),
               "ic= of a capacitor counts with .tran … uic only; .ic or .nodeset gives another value",
               Severity::warning));
}

void clamp_states(const EquationSystem& system, Solution& at) {
  for_each_unknown(system, [&](std::size_t g, std::size_t k, std::size_t j, std::size_t index, double) {
    if (index == Unknowns::npos) return;
    const StateBounds bounds = system.unknowns().bounds(g, k, j);
    at.y[index] = std::clamp(at.y[index], bounds.lower, bounds.upper);
  });
}

void set_sources(EquationSystem& system, const CircuitPoint& point) {
  system.sources().resolve(point.step, point.stop);
  system.sources().enter_segment(point.t * (1 - 1e-12));
  system.set_homotopy(point.dc_values, 1, 0);
}

CircuitPoint dc_point(const Circuit& circuit) {
  CircuitPoint point;
  point.name = "op";
  EquationSystem operating_point(circuit, EquationSystem::Mode::operating_point);
  EquationSystem transient(circuit, EquationSystem::Mode::transient);
  set_sources(operating_point, point);
  set_sources(transient, point);
  Solution at = initial_guess(operating_point);
  solve_operating_point(operating_point, 0.0, true, at);
  point.at = transfer(operating_point, 0.0, at, transient);
  return point;
}

}  // namespace memspice
