#include "equations/evaluation_points.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

namespace {

/// The terminals of instance k of the population.
const NodeId* nodes_of(const EquationGroup& group, std::size_t k) {
  return group.devices->nodes.data() + group.instance(k) * group.devices->type->terminals.size();
}

}  // namespace

EvaluationPoints::EvaluationPoints(const Unknowns& unknowns)
    : unknowns_(unknowns),
      sources_(unknowns.circuit(), unknowns.forest(), unknowns.auxiliary().sets().expressions.reads_time()),
      draws_(unknowns),
      path_(unknowns),
      hold_(unknowns.mode() == EquationMode::operating_point) {
  const std::vector<std::uint8_t> has_offset = unknowns.forest().nodes_with_offset();
  for (const EquationGroup& group : unknowns.groups()) {
    Driven& driven = driven_.emplace_back();
    const std::size_t terminals = group.devices->type->terminals.size();
    for (std::uint32_t k = 0; k < group.population->count(); ++k) {
      const NodeId* nodes = nodes_of(group, k);
      if (std::any_of(nodes, nodes + terminals, [&](NodeId node) { return has_offset[node] != 0; }))
        driven.instances.push_back(k);
    }
    driven.all = driven.instances.size() == group.population->count();
    if (driven.all) driven.instances = {};
    driven.instances.shrink_to_fit();
  }
}

void EvaluationPoints::go_to(double t) {
  draws_.enter_segment(sources_.inside());
  if (!sources_.update(t)) return;
  const std::span<const double> offset = sources_.offset();
  for (std::size_t g = 0; g < unknowns_.groups().size(); ++g) {
    const EquationGroup& group = unknowns_.groups()[g];
    const DeviceType& type = *group.devices->type;
    const auto set_emf = [&](std::size_t k) {
      const NodeId* nodes = nodes_of(group, k);
      double* emf = group.population->wiring.emf.data() + k * type.branches.size();
      for (const auto& [plus, minus] : type.branches) *emf++ = offset[nodes[plus]] - offset[nodes[minus]];
    };
    if (driven_[g].all) {
      for (std::size_t k = 0; k < group.population->count(); ++k) set_emf(k);
    } else {
      for (const std::uint32_t k : driven_[g].instances) set_emf(k);
    }
  }
}

AuxiliaryPoint EvaluationPoints::of_rows(double t, const double* y, const double* derivative) {
  go_to(t);
  return {.t = t,
          .y = y,
          .derivative = derivative,
          .hold = hold_,
          .offset = sources_.offset(),
          .source_voltage = sources_.voltage(),
          .source_current = sources_.current(),
          .factor = sources_.factor(),
          .inside = sources_.inside(),
          .elapsed = path_.elapsed(t),
          .frequency = frequency_};
}

double EvaluationPoints::next_breakpoint(double t) const {
  return std::min({sources_.next_breakpoint(t), draws_.next_breakpoint(t),
                   unknowns_.auxiliary().sets().next_breakpoint(t)});
}

double EvaluationPoints::largest_voltage(const double* y) const {
  double largest = 0;
  for (NodeId node = 1; node < sources_.offset().size(); ++node)
    largest = std::max(largest, std::abs(voltage(node, y)));
  return largest;
}

}  // namespace memspice
