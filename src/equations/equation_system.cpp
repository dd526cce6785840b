#include "equations/equation_system.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/interruption.hpp"
#include "equations/topology/connectivity.hpp"
#include "equations/topology/cut_sets.hpp"

namespace memspice {

namespace {

/// Several sums side by side: each would wait for the number before.
bool is_finite(std::span<const double> values) {
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> poison{};  // 0 or not a number
  std::size_t i = 0;
  for (; i + lanes <= values.size(); i += lanes)
    for (std::size_t j = 0; j < lanes; ++j) poison[j] += values[i + j] * 0.0;
  for (; i < values.size(); ++i) poison[0] += values[i] * 0.0;
  return std::ranges::all_of(poison, [](double p) { return p == 0; });
}

void add_inductors(const Unknowns& unknowns, ErrorWeights& weights) {
  const PotentialForest& forest = unknowns.forest();
  const auto add = [&](std::size_t unknown, double inductance, NodeId plus, NodeId minus) {
    weights.add(
        ErrorWeights::Inductor{unknown, inductance, plus, minus, forest.row(plus), forest.row(minus)});
  };
  for (const CoupledInductors::Inductor& inductor : unknowns.auxiliary().sets().inductors.inductors())
    add(inductor.row, inductor.inductance, inductor.ends.plus, inductor.ends.minus);
  for (const EquationGroup& group : unknowns.groups()) {
    const DeviceGroup& devices = *group.devices;
    const std::optional<std::size_t> inductance = devices.type->find_parameter("l");
    if (!devices.type->short_at_dc || !inductance) continue;
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      const std::size_t instance = group.instance(k);
      add(group.population->wiring.first_unknown + k, devices.parameter(instance, *inductance),
          devices.nodes[2 * instance], devices.nodes[2 * instance + 1]);
    }
  }
}

ErrorWeights weights_of(const Unknowns& unknowns) {
  const Circuit& circuit = unknowns.circuit();
  ErrorWeights weights(circuit, rows_of_one_scale(circuit, unknowns.forest()),
                       rows_behind_inductors(circuit, unknowns.forest()));
  weights.reserve(unknowns.size());
  for (std::size_t k = 0; k < unknowns.auxiliary().count(); ++k) {
    const AuxiliaryUnknown& unknown = unknowns.auxiliary().unknown(k);
    weights.add(unknown.quantity, unknown.tolerance, unknown.before);
  }
  for (const EquationGroup& group : unknowns.groups())
    weights.add(*group.devices->type, *group.population, group.population->wiring.first_unknown);
  add_inductors(unknowns, weights);
  return weights;
}

std::vector<std::uint32_t> loose_rows(const Unknowns& unknowns) {
  if (!is_at_rest(unknowns.mode())) return {};
  return rows_behind_currents(unknowns.circuit(), unknowns.forest());
}

}  // namespace

EquationSystem::EquationSystem(const Circuit& circuit, Mode mode)
    : unknowns_(circuit, mode),
      points_(unknowns_),
      held_(loose_rows(unknowns_)),
      weights_(weights_of(unknowns_)),
      tests_potentials_(auxiliary().keeps_only_inductors() && weights_.tests_potentials()),
      matrix_(unknowns_) {}

bool EquationSystem::tests_error(std::size_t i) const {
  if (i >= unknowns_.rows()) return !unknowns_.algebraic().contains(i);
  if (i < unknowns_.potentials()) return tests_potentials_;
  return auxiliary().unknown(i - unknowns_.potentials()).tested;
}

void EquationSystem::set_homotopy(bool dc_values, double factor, double gmin,
                                  std::span<const double> reference) {
  sources().set_homotopy(dc_values, factor);
  held_.set_gmin(gmin, reference);
}

bool EquationSystem::residual(double t, const double* y, const double* derivative, double kappa, double* r) {
  points_.go_to(t);
  std::fill_n(r, unknowns_.rows(), 0.0);
  const EvaluationPoint at = points_.of_devices(t, y, derivative, kappa);
  for (const EquationGroup& group : unknowns_.groups()) group.population->residual(at, r);
  return finish_residual(*this, t, y, derivative, r);
}

bool EquationSystem::linearise(double t, const double* y, const double* derivative, double c) {
  interruption_point();
  const EvaluationPoint at = points_.of_devices(t, y, derivative, points_.kappa(c));
  if (unknowns_.is_linear() && matrix_.is_of(at, c, held_)) return true;
  if (!matrix_.begin(at, c, held_)) return false;
  if (!auxiliary().empty()) matrix_.add_auxiliary(at, points_.of_rows(t, y, derivative));
  return matrix_.finish(held_);
}

bool EquationSystem::limit(const double* y, double* change) const {
  bool limited = false;
  for (const EquationGroup& group : unknowns_.groups()) limited |= group.population->limit(y, change);
  return limited;
}

bool EquationSystem::solve(double* b, double scale) {
  matrix_.solve(b, scale);
  return true;
}

bool finish_residual(EquationSystem& system, double t, const double* y, const double* derivative, double* r) {
  if (!system.auxiliary().empty()) system.auxiliary().residual(system.points().of_rows(t, y, derivative), r);
  system.sources().for_each_current([&](std::uint32_t plus, std::uint32_t minus, double current) {
    r[plus] += current;
    r[minus] -= current;
  });
  system.matrix().cut_rows().residual(y, system.sources().current(), r);
  system.held().residual(system.unknowns().potentials(), y, r);
  r[0] = y[0];
  return is_finite(std::span<const double>(r, system.size()));
}

}  // namespace memspice
