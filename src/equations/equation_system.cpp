#include "equations/equation_system.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "equations/auxiliary_entries.hpp"
#include "equations/connectivity.hpp"
#include "equations/equation_group.hpp"
#include "equations/loops.hpp"

namespace memspice {

namespace {

/// A resistor of 0 ohm always, an inductor at the operating point: no equation of its own, two nodes become
/// one.
bool is_short(const DeviceGroup& group, std::size_t instance, EquationSystem::Mode mode) {
  if (group.type->short_at_dc) return EquationSystem::is_at_rest(mode);
  return group.type->letter == 'r' && group.parameters[instance * group.type->parameters.size()] == 0;
}

/// Ties of the potentials; those whose currents are unknowns stand apart while loops are looked for.
std::vector<Tie> ties_of(const Circuit& circuit, EquationSystem::Mode mode, AuxiliaryRows& auxiliary) {
  std::vector<Tie> ties, kept;
  ties.reserve(circuit.voltage_sources.size());
  for (std::uint32_t i = 0; i < circuit.voltage_sources.size(); ++i) {
    const Source& source = circuit.voltage_sources[i];
    (auxiliary.keeps_source(i) ? kept : ties)
        .push_back({Tie::Kind::voltage_source, i, 0, source.plus, source.minus});
  }
  if (mode == EquationSystem::Mode::operating_point) {
    for (std::uint32_t i = 0; i < circuit.initial_conditions.size(); ++i)
      ties.push_back({Tie::Kind::initial_condition, i, 0, circuit.initial_conditions[i].node, ground});
  }
  for (std::uint32_t g = 0; g < circuit.groups.size(); ++g) {
    const DeviceGroup& group = circuit.groups[g];
    if (!group.type->short_at_dc && group.type->letter != 'r') continue;
    for (std::uint32_t k = 0; k < group.count(); ++k) {
      if (is_short(group, k, mode) && !auxiliary.replaces(g, k))
        (auxiliary.keeps_short(g, k) ? kept : ties)
            .push_back({Tie::Kind::short_circuit, k, g, group.nodes[2 * k], group.nodes[2 * k + 1]});
    }
  }
  const std::size_t own = ties.size();
  ties.insert(ties.end(), kept.begin(), kept.end());
  for (const Tie& idle : find_idle_shorts(circuit, ties, EquationSystem::is_at_rest(mode))) {
    if (idle.kind == Tie::Kind::line) {
      auxiliary.set_idle_line(idle.index);
    } else if (auxiliary.keeps_short(idle.group, idle.index)) {
      auxiliary.set_idle_short(idle.group, idle.index);
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
      functions_(circuit.functions),
      weights_(circuit, rows_of_one_scale(circuit, forest_), rows_behind_inductors(circuit, forest_)) {
  require_paths_to_ground(circuit, forest_, is_at_rest(mode));
  if (is_at_rest(mode)) loose_ = rows_behind_currents(circuit, forest_);
  auxiliary_.attach(forest_, forest_.rows());
  for (std::size_t k = 0; k < auxiliary_.count(); ++k) {
    const AuxiliaryRows::Unknown unknown = auxiliary_.unknown(k);
    weights_.add(unknown.quantity, unknown.tolerance, unknown.before);
  }
  build_groups();
  weigh_inductors();
  tests_potentials_ = auxiliary_.keeps_only_inductors() && weights_.tests_potentials();
  cut_rows_.emplace(circuit, auxiliary_, forest_);
  build_matrix();
  emf_.assign(forest_.ties().size(), 0.0);
  source_voltage_.assign(circuit.voltage_sources.size(), 0.0);
  offset_.assign(circuit.node_names.size(), 0.0);
  source_current_.assign(circuit.current_sources.size(), 0.0);
  const auto depends_on_time = [](const Source& source) { return source.function != Source::constant; };
  time_dependent_ = std::ranges::any_of(circuit.voltage_sources, depends_on_time) ||
                    std::ranges::any_of(circuit.current_sources, depends_on_time) ||
                    auxiliary_.depends_on_time();
}

EquationSystem::~EquationSystem() = default;

void EquationSystem::build_groups() {
  std::size_t next = rows();
  for (const DeviceGroup& devices : circuit_.groups) {
    const DeviceType& type = *devices.type;
    const std::size_t width = type.parameters.size();
    Group group;
    group.devices = &devices;
    const bool may_short = type.short_at_dc || type.letter == 'r';
    if (may_short) {
      group.position.assign(devices.count(), short_circuit);
      for (std::size_t k = 0; k < devices.count(); ++k) {
        const auto g = static_cast<std::uint32_t>(groups_.size());
        if (is_short(devices, k, mode_) || auxiliary_.replaces(g, static_cast<std::uint32_t>(k))) continue;
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
    auxiliary_.attach_taps(static_cast<std::uint32_t>(groups_.size()), *group.population, group.position);
    groups_.push_back(std::move(group));
  }
  size_ = next;
  for (const Source& source : circuit_.current_sources) {
    current_plus_.push_back(forest_.row(source.plus));
    current_minus_.push_back(forest_.row(source.minus));
  }
}

void EquationSystem::weigh_inductors() {
  const auto weigh = [&](std::size_t unknown, double inductance, NodeId plus, NodeId minus) {
    weights_.add(
        ErrorWeights::Inductor{unknown, inductance, plus, minus, forest_.row(plus), forest_.row(minus)});
  };
  for (const AuxiliaryRows::Inductor& inductor : auxiliary_.inductors())
    weigh(inductor.row, inductor.inductance, inductor.plus, inductor.minus);
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

template <class Visit>
void EquationSystem::for_each_end(const AuxiliaryRows::TapRow& tap, Visit&& visit) const {
  const Wiring& wiring = tap.population->wiring;
  const std::size_t branches = circuit_.groups[tap.group].type->branches.size();
  for (std::size_t b = tap.tap.instance * branches; b < (tap.tap.instance + 1) * branches; ++b) {
    visit(wiring.plus[b]);
    visit(wiring.minus[b]);
  }
}

void EquationSystem::build_matrix() {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  bool symmetric = auxiliary_.empty();
  const auto join = [&](std::uint32_t row, std::uint32_t column) {
    if (row != 0 && column != 0 && row != column)
      edges.emplace_back(std::min(row, column) - 1, std::max(row, column) - 1);
  };
  for (const Group& group : groups_) {
    const Wiring& wiring = group.population->wiring;
    const std::size_t branches = group.devices->type->branches.size();
    symmetric &= branches == 1;
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      for (std::size_t i = k * branches; i < (k + 1) * branches; ++i) {
        for (std::size_t j = k * branches; j < (k + 1) * branches; ++j) {
          for (const std::uint32_t row : {wiring.plus[i], wiring.minus[i]}) {
            for (const std::uint32_t column : {wiring.plus[j], wiring.minus[j]})
              if (row != 0 && column != 0 && row < column) edges.emplace_back(row - 1, column - 1);
          }
        }
      }
    }
  }
  // The pattern of the auxiliary entries does not depend on the point.
  const std::vector<double> nothing(std::max(size_, circuit_.node_names.size()), 0.0);
  const AuxiliaryPoint origin{.y = nothing.data(),
                              .derivative = nothing.data(),
                              .hold = hold_,
                              .offset = nothing,
                              .source_voltage = nothing,
                              .source_current = nothing};
  auxiliary_.entries(origin,
                     [&](std::uint32_t row, std::uint32_t column, double, double) { join(row, column); });
  for (const AuxiliaryRows::TapRow& tap : auxiliary_.taps())
    for_each_end(tap, [&](std::uint32_t row) { join(tap.row, row); });
  cut_rows_->for_each_entry(join);
  const std::size_t nodes = rows() - 1;
  matrix_ = std::make_unique<NodeMatrix>(nodes, std::move(edges), symmetric);
  const auto scratch = static_cast<std::uint32_t>(matrix_->nonzeros());
  const auto slot = [&](std::uint32_t row, std::uint32_t column) {
    return row == 0 || column == 0 ? scratch : matrix_->slot(row - 1, column - 1);
  };
  for (Group& group : groups_) {
    const Wiring& wiring = group.population->wiring;
    const std::size_t branches = group.devices->type->branches.size();
    group.slots.reserve(group.population->count() * branches * branches * 4);
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      for (std::size_t i = k * branches; i < (k + 1) * branches; ++i) {
        for (std::size_t j = k * branches; j < (k + 1) * branches; ++j) {
          group.slots.push_back(slot(wiring.plus[i], wiring.plus[j]));
          group.slots.push_back(slot(wiring.plus[i], wiring.minus[j]));
          group.slots.push_back(slot(wiring.minus[i], wiring.plus[j]));
          group.slots.push_back(slot(wiring.minus[i], wiring.minus[j]));
        }
      }
    }
  }
  auxiliary_.entries(origin, [&](std::uint32_t row, std::uint32_t column, double, double) {
    auxiliary_slots_.push_back(slot(row, column));
  });
  for (const AuxiliaryRows::TapRow& tap : auxiliary_.taps()) {
    TapSlots slots;
    for_each_end(tap, [&](std::uint32_t row) { slots.slots.push_back(slot(tap.row, row)); });
    slots.by_unknown.resize(circuit_.groups[tap.group].type->unknowns.size());
    tap_slots_.push_back(std::move(slots));
  }
  cut_rows_->attach(*matrix_);
  for (std::uint32_t row = 0; row + 1 < potentials(); ++row)
    diagonal_slots_.push_back(matrix_->slot(row, row));
  node_rhs_.assign(nodes + 1, 0.0);
}

void EquationSystem::resolve_sources(double step, double stop) {
  for (SourceFunction& function : functions_) function.resolve(step, stop);
}

double EquationSystem::next_breakpoint(double t) const {
  double next = infinity;
  for (const SourceFunction& function : functions_) next = std::min(next, function.next_breakpoint(t));
  return std::min(next, auxiliary_.next_arrival(t));
}

double EquationSystem::shortest_period() const {
  double shortest = infinity;
  for (const SourceFunction& function : functions_) shortest = std::min(shortest, function.shortest_period());
  return shortest;
}

bool EquationSystem::differs_at_operating_point(const Circuit& circuit) {
  return !circuit.initial_conditions.empty() || !circuit.programs.empty() || !circuit.lines.empty() ||
         std::ranges::any_of(circuit.groups,
                             [](const DeviceGroup& group) { return group.type->short_at_dc; });
}

void EquationSystem::enter_segment(double inside) {
  inside_ = inside;
  source_time_ = not_given;
}

void EquationSystem::set_homotopy(bool dc_values, double factor, double gmin,
                                  std::span<const double> reference) {
  dc_values_ = dc_values;
  factor_ = factor;
  gmin_ = gmin;
  gmin_reference_.assign(reference.begin(), reference.end());
  source_time_ = not_given;
}

void EquationSystem::update_sources(double t) {
  if (t == source_time_ || (!time_dependent_ && !std::isnan(source_time_))) return;
  source_time_ = t;
  const auto value = [&](const Source& source) {
    const bool constant = dc_values_ || source.function == Source::constant;
    return factor_ * (constant ? source.dc : functions_[source.function].value(t, inside_));
  };
  for (std::size_t i = 0; i < source_current_.size(); ++i)
    source_current_[i] = value(circuit_.current_sources[i]);
  for (std::size_t i = 0; i < source_voltage_.size(); ++i)
    source_voltage_[i] = value(circuit_.voltage_sources[i]);
  const std::vector<Tie>& ties = forest_.ties();
  if (ties.empty()) return;
  for (std::size_t i = 0; i < ties.size(); ++i) {
    if (ties[i].kind == Tie::Kind::voltage_source) {
      emf_[i] = source_voltage_[ties[i].index];
    } else if (ties[i].kind == Tie::Kind::initial_condition) {
      emf_[i] = factor_ * circuit_.initial_conditions[ties[i].index].voltage;
    }
  }
  forest_.offsets(emf_, offset_);
  for (Group& group : groups_) {
    const DeviceType& type = *group.devices->type;
    Wiring& wiring = group.population->wiring;
    std::size_t i = 0;
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      const NodeId* nodes = group.devices->nodes.data() + group.instance(k) * type.terminals.size();
      for (const auto& [plus, minus] : type.branches)
        wiring.emf[i++] = offset_[nodes[plus]] - offset_[nodes[minus]];
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
          .offset = offset_,
          .source_voltage = source_voltage_,
          .source_current = source_current_,
          .factor = factor_,
          .inside = inside_,
          .elapsed = following_ ? std::max(0.0, t - path_time_) : -1};
}

void EquationSystem::event_arguments(double t, const double* y, const double* derivative,
                                     std::vector<double>& arguments) {
  auxiliary_.event_arguments(auxiliary_point(t, y, derivative), arguments);
}

bool EquationSystem::residual(double t, const double* y, const double* derivative, double kappa, double* r) {
  update_sources(t);
  std::fill_n(r, rows(), 0.0);
  const EvaluationPoint at = point(t, y, derivative, kappa);
  for (Group& group : groups_) group.population->residual(at, r);
  if (!auxiliary_.empty()) auxiliary_.residual(auxiliary_point(t, y, derivative), r);
  for (std::size_t i = 0; i < source_current_.size(); ++i) {
    r[current_plus_[i]] += source_current_[i];
    r[current_minus_[i]] -= source_current_[i];
  }
  cut_rows_->residual(y, source_current_, r);
  if (gmin_ != 0) {
    for (std::size_t i = 1; i < potentials(); ++i)
      r[i] += gmin_ * (y[i] - (gmin_reference_.empty() ? 0 : gmin_reference_[i]));
  }
  for (std::size_t k = 0; k < loose_reference_.size(); ++k)
    r[loose_[k]] += y[loose_[k]] - loose_reference_[k];
  r[0] = y[0];
  double poison = 0;
  for (std::size_t i = 0; i < size_; ++i) poison += r[i] * 0.0;  // 0 or not a number
  return poison == 0;
}

bool EquationSystem::linearise(double t, const double* y, const double* derivative, double c) {
  if (keeping_ && !kept_) {
    kept_ = true;
    if (!other_matrix_) other_matrix_ = matrix_->twin();
    matrix_.swap(other_matrix_);
    kept_taps_.clear();
    for (const TapSlots& slots : tap_slots_) kept_taps_.push_back(slots.by_unknown);
    for (Group& group : groups_) group.population->keep_linearisation();
    kept_coefficient_ = coefficient_;
  }
  coefficient_ = c;
  const EvaluationPoint at = point(t, y, derivative, kappa(c));
  const std::span<double> values = matrix_->values();
  std::ranges::fill(values, 0.0);
  for (Group& group : groups_) {
    if (!group.population->linearise(at, c)) return false;
    group.population->assemble(group.slots.data(), values.data());
  }
  if (!auxiliary_.empty()) {
    std::size_t next = 0;
    auxiliary_.entries(auxiliary_point(t, y, derivative),
                       [&](std::uint32_t, std::uint32_t, double g, double storage) {
                         values[auxiliary_slots_[next++]] += g + c * storage;
                       });
    linearise_taps(at, c);
  }
  cut_rows_->entries(values);
  if (gmin_ != 0) {
    for (const std::uint32_t slot : diagonal_slots_) values[slot] += gmin_;
  }
  for (std::size_t k = 0; k < loose_reference_.size(); ++k) values[diagonal_slots_[loose_[k] - 1]] += 1;
  return matrix_->factorise();
}

void EquationSystem::linearise_taps(const EvaluationPoint& at, double c) {
  const std::span<double> values = matrix_->values();
  std::vector<double> by_voltage;
  for (std::size_t i = 0; i < tap_slots_.size(); ++i) {
    const AuxiliaryRows::TapRow& tap = auxiliary_.taps()[i];
    TapSlots& slots = tap_slots_[i];
    by_voltage.assign(slots.slots.size() / 2, 0.0);
    tap.population->tap(at, c, tap.tap, by_voltage.data(), slots.by_unknown.data());
    tap.population->condense_tap(tap.tap.instance, slots.by_unknown.data(), by_voltage.data());
    for (std::size_t b = 0; b < by_voltage.size(); ++b) {
      values[slots.slots[2 * b]] -= by_voltage[b];
      values[slots.slots[2 * b + 1]] += by_voltage[b];
    }
  }
}

bool EquationSystem::solve(double* b, double scale) {
  const std::size_t rows = this->rows();
  std::copy_n(b, rows, node_rhs_.begin());
  for (const Group& group : groups_) group.population->condense(b, node_rhs_.data());
  cut_rows_->restore(b, node_rhs_.data());
  for (std::size_t i = 0; i < tap_slots_.size(); ++i) {
    const AuxiliaryRows::TapRow& tap = auxiliary_.taps()[i];
    node_rhs_[tap.row] += tap.population->tap_response(tap.tap.instance, tap_slots_[i].by_unknown.data(), b);
  }
  matrix_->solve(node_rhs_.data() + 1);
  std::copy_n(node_rhs_.begin() + 1, rows - 1, b + 1);
  for (const Group& group : groups_) group.population->recover(b, b, scale);
  if (scale != 1) {
    for (std::size_t i = 0; i < rows; ++i) b[i] *= scale;
  }
  return true;
}

void EquationSystem::apply_storage(const double* y, const double* derivative, const double* x,
                                   double* result) {
  const std::vector<double> before(result, result + (cut_rows_->empty() ? 0 : rows()));
  const EvaluationPoint at = point(source_time_, y, derivative, 1);
  for (const Group& group : groups_) group.population->apply_storage(at, x, result);
  cut_rows_->restore(before.data(), result);
  if (auxiliary_.empty()) return;
  const double t = std::isnan(source_time_) ? 0 : source_time_;
  auxiliary_.entries(auxiliary_point(t, y, derivative),
                     [&](std::uint32_t row, std::uint32_t column, double, double storage) {
                       result[row] += storage * x[column];
                     });
}

}  // namespace memspice
