#include "equations/evaluation_points.hpp"

#include <cmath>

namespace memspice {

EvaluationPoints::EvaluationPoints(const Unknowns& unknowns)
    : unknowns_(unknowns),
      sources_(unknowns.circuit(), unknowns.forest(), unknowns.auxiliary().sets().expressions.reads_time()),
      path_(unknowns),
      hold_(unknowns.mode() == EquationMode::operating_point) {}

void EvaluationPoints::go_to(double t) {
  if (!sources_.update(t)) return;
  const std::span<const double> offset = sources_.offset();
  for (const EquationGroup& group : unknowns_.groups()) {
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
  return std::min(sources_.next_breakpoint(t), unknowns_.auxiliary().sets().next_breakpoint(t));
}

double EvaluationPoints::largest_voltage(const double* y) const {
  double largest = 0;
  for (NodeId node = 1; node < sources_.offset().size(); ++node)
    largest = std::max(largest, std::abs(voltage(node, y)));
  return largest;
}

}  // namespace memspice
