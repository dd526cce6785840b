#include "equations/equation_system.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "equations/equation_group.hpp"
#include "equations/topology/connectivity.hpp"
#include "equations/topology/loops.hpp"

namespace memspice {

namespace {

/// A symmetric matrix is factorised several times as fast: sums of islands' equations, which are not
/// symmetric, are made where that does not matter yet.
constexpr std::size_t most_rows_without_symmetry = 1000;

/// A resistor of 0 ohm always, an inductor at the operating point: no equation of its own, two nodes become
/// one.
bool is_short_device(const DeviceGroup& group, std::size_t instance, EquationSystem::Mode mode) {
  if (group.type->short_at_dc) return EquationSystem::is_at_rest(mode);
  return group.has_no_resistance(instance);
}

/// Ties of the potentials; those whose currents are unknowns stand apart while loops are looked for.
std::vector<Tie> ties_of(const Circuit& circuit, EquationSystem::Mode mode, AuxiliaryRows& auxiliary) {
  std::vector<Tie> ties, kept;
  ties.reserve(circuit.voltage_sources.size());
  for (std::uint32_t i = 0; i < circuit.voltage_sources.size(); ++i) {
    const Source& source = circuit.voltage_sources[i];
    (auxiliary.sets().sources.row_of(i) != no_row ? kept : ties)
        .push_back({Tie::Kind::voltage_source, i, 0, source.plus, source.minus});
  }
  if (mode == EquationSystem::Mode::operating_point) {
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
  for (const Tie& idle : find_idle_shorts(circuit, ties, EquationSystem::is_at_rest(mode))) {
    if (idle.kind == Tie::Kind::line) {
      auxiliary.sets().lines.set_idle(idle.index);
    } else if (auxiliary.sets().short_circuits.row_of(idle.group, idle.index) != no_row) {
      auxiliary.sets().short_circuits.set_idle(idle.group, idle.index);
    }
  }
  ties.resize(own);
  return ties;
}

}  // namespace

EquationSystem::EquationSystem(const Circuit& circuit, Mode mode)
    : circuit_(circuit),
      mode_(mode),
      hold_(mode == Mode::operating_point),
      auxiliary_(circuit, is_at_rest(mode), mode == Mode::transient),
      forest_(circuit, ties_of(circuit, mode, auxiliary_)),
      sources_(circuit, forest_, auxiliary_.sets().expressions.reads_time()),
      held_(is_at_rest(mode) ? rows_behind_currents(circuit, forest_) : std::vector<std::uint32_t>()),
      weights_(circuit, rows_of_one_scale(circuit, forest_), rows_behind_inductors(circuit, forest_)) {
  require_paths_to_ground(circuit, forest_, is_at_rest(mode));
  auxiliary_.attach(forest_, forest_.rows());
  for (std::size_t k = 0; k < auxiliary_.count(); ++k) {
    const AuxiliaryUnknown& unknown = auxiliary_.unknown(k);
    weights_.add(unknown.quantity, unknown.tolerance, unknown.before);
  }
  build_groups();
  weigh_inductors();
  tests_potentials_ = auxiliary_.keeps_only_inductors() && weights_.tests_potentials();
  cut_rows_.emplace(circuit, auxiliary_, forest_);
  islands_.emplace(circuit, forest_, cut_rows_->replaced(),
                   mode == Mode::transient && (!auxiliary_.empty() || rows() <= most_rows_without_symmetry));
  // The pattern of the auxiliary entries does not depend on the point.
  const std::vector<double> nothing(std::max(size_, circuit.node_names.size()), 0.0);
  matrix_.emplace(groups_, auxiliary_, *cut_rows_, *islands_, potentials(),
                  AuxiliaryPoint{.y = nothing.data(),
                                 .derivative = nothing.data(),
                                 .hold = hold_,
                                 .offset = nothing,
                                 .source_voltage = nothing,
                                 .source_current = nothing});
}

EquationSystem::~EquationSystem() = default;

void EquationSystem::build_groups() {
  std::size_t next = rows();
  for (const DeviceGroup& devices : circuit_.groups) {
    const DeviceType& type = *devices.type;
    const std::size_t width = type.parameters.size();
    Group group;
    group.devices = &devices;
    const bool may_short = type.short_at_dc || type.resistance.has_value();
    if (may_short) {
      group.position.assign(devices.count(), short_circuit);
      for (std::size_t k = 0; k < devices.count(); ++k) {
        const auto g = static_cast<std::uint32_t>(groups_.size());
        if (is_short_device(devices, k, mode_) || auxiliary_.replaces(g, static_cast<std::uint32_t>(k)))
          continue;
        group.position[k] = static_cast<std::uint32_t>(group.member.size());
        group.member.push_back(static_cast<std::uint32_t>(k));
      }
      std::vector<double> parameters;
      parameters.reserve(group.member.size() * width);
      for (const std::uint32_t k : group.member) {
        const auto first = devices.parameters.begin() + static_cast<std::ptrdiff_t>(k * width);
        parameters.insert(parameters.end(), first, first + static_cast<std::ptrdiff_t>(width));
      }
      group.population = type.populate(parameters, group.member.size());
    } else {
      group.population = type.populate(devices.parameters, devices.count());
    }
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
    if (!forest_.ties().empty()) wiring.emf.assign(wiring.plus.size(), 0.0);
    wiring.first_unknown = next;
    first_unknown_.push_back(next);
    weights_.add(type, *group.population, next);
    next += count * type.unknowns.size();
    auxiliary_.sets().taps.attach(static_cast<std::uint32_t>(groups_.size()), *group.population,
                                  group.position);
    groups_.push_back(std::move(group));
  }
  size_ = next;
}

void EquationSystem::weigh_inductors() {
  const auto weigh = [&](std::size_t unknown, double inductance, NodeId plus, NodeId minus) {
    weights_.add(
        ErrorWeights::Inductor{unknown, inductance, plus, minus, forest_.row(plus), forest_.row(minus)});
  };
  for (const CoupledInductors::Inductor& inductor : auxiliary_.sets().inductors.inductors())
    weigh(inductor.row, inductor.inductance, inductor.ends.plus, inductor.ends.minus);
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const DeviceGroup& devices = *groups_[g].devices;
    const std::optional<std::size_t> inductance = devices.type->find_parameter("l");
    if (!devices.type->short_at_dc || !inductance) continue;
    for (std::size_t k = 0; k < groups_[g].population->count(); ++k) {
      const std::size_t instance = groups_[g].instance(k);
      weigh(first_unknown_[g] + k,
            devices.parameters[instance * devices.type->parameters.size() + *inductance],
            devices.nodes[2 * instance], devices.nodes[2 * instance + 1]);
    }
  }
}

double EquationSystem::next_breakpoint(double t) const {
  double next = sources_.next_breakpoint(t);
  for (const RowSet* set : auxiliary_.sets().all) next = std::min(next, set->next_breakpoint(t));
  return next;
}

bool EquationSystem::differs_at_operating_point(const Circuit& circuit) {
  return !circuit.initial_conditions.empty() || !circuit.programs.empty() || !circuit.lines.empty() ||
         std::ranges::any_of(circuit.groups,
                             [](const DeviceGroup& group) { return group.type->short_at_dc; });
}

void EquationSystem::set_homotopy(bool dc_values, double factor, double gmin,
                                  std::span<const double> reference) {
  sources_.set_homotopy(dc_values, factor);
  held_.set_gmin(gmin, reference);
}

void EquationSystem::update_sources(double t) {
  if (!sources_.update(t)) return;
  const std::span<const double> offset = sources_.offset();
  for (Group& group : groups_) {
    const DeviceType& type = *group.devices->type;
    Wiring& wiring = group.population->wiring;
    std::size_t i = 0;
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      const NodeId* nodes = group.devices->nodes.data() + group.instance(k) * type.terminals.size();
      for (const auto& [plus, minus] : type.branches)
        wiring.emf[i++] = offset[nodes[plus]] - offset[nodes[minus]];
    }
  }
}

EvaluationPoint EquationSystem::point(double t, const double* y, const double* derivative,
                                      double kappa) const {
  return {y, derivative, kappa, hold_, following_ ? std::max(0.0, t - path_time_) : -1};
}

AuxiliaryPoint EquationSystem::auxiliary_point(double t, const double* y, const double* derivative) {
  update_sources(t);
  return {.t = t,
          .y = y,
          .derivative = derivative,
          .hold = hold_,
          .offset = sources_.offset(),
          .source_voltage = sources_.voltage(),
          .source_current = sources_.current(),
          .factor = sources_.factor(),
          .inside = sources_.inside(),
          .elapsed = following_ ? std::max(0.0, t - path_time_) : -1,
          .frequency = frequency_};
}

void EquationSystem::event_arguments(double t, const double* y, const double* derivative,
                                     std::vector<double>& arguments) {
  arguments.clear();
  auxiliary_.modes().event_arguments(auxiliary_point(t, y, derivative), arguments);
}

bool EquationSystem::residual(double t, const double* y, const double* derivative, double kappa, double* r) {
  update_sources(t);
  std::fill_n(r, rows(), 0.0);
  const EvaluationPoint at = point(t, y, derivative, kappa);
  for (Group& group : groups_) group.population->residual(at, r);
  if (!auxiliary_.empty()) auxiliary_.residual(auxiliary_point(t, y, derivative), r);
  sources_.for_each_current([&](std::uint32_t plus, std::uint32_t minus, double current) {
    r[plus] += current;
    r[minus] -= current;
  });
  cut_rows_->residual(y, sources_.current(), r);
  held_.residual(potentials(), y, r);
  r[0] = y[0];
  double poison = 0;
  for (std::size_t i = 0; i < size_; ++i) poison += r[i] * 0.0;  // 0 or not a number
  return poison == 0;
}

bool EquationSystem::linearise(double t, const double* y, const double* derivative, double c) {
  const EvaluationPoint at = point(t, y, derivative, kappa(c));
  if (!matrix_->begin(at, c, held_)) return false;
  if (!auxiliary_.empty()) matrix_->add_auxiliary(at, auxiliary_point(t, y, derivative));
  return matrix_->finish(held_);
}

bool EquationSystem::solve(double* b, double scale) {
  matrix_->solve(b, scale);
  return true;
}

void EquationSystem::apply_storage(const double* y, const double* derivative, const double* x,
                                   double* result) {
  const std::vector<double> before(result, result + (cut_rows_->empty() ? 0 : rows()));
  const EvaluationPoint at = point(sources_.time(), y, derivative, 1);
  for (const Group& group : groups_) group.population->apply_storage(at, x, result);
  cut_rows_->restore(before.data(), result);
  if (auxiliary_.empty()) return;
  EntryLists lists;
  EntrySink collect(lists);
  auxiliary_.entries(auxiliary_point(sources_.time(), y, derivative), collect);
  for (const MatrixEntry& entry : lists.entries) result[entry.row] += entry.c * x[entry.column];
}

}  // namespace memspice
