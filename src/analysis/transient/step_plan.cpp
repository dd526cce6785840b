#include "analysis/transient/step_plan.hpp"

#include <algorithm>

#include "analysis/transient/resonance.hpp"

namespace memspice {

namespace {

/// Whether devices have junctions: voltages without derivatives that currents follow exponentially.
bool has_junctions(const Circuit& circuit) {
  return std::ranges::any_of(circuit.groups, [](const DeviceGroup& group) {
    return std::ranges::any_of(group.type->unknowns, [](const UnknownDescription& unknown) {
      return unknown.kind == UnknownKind::algebraic;
    });
  });
}

}  // namespace

// Steps must not fall on the zeros of a smooth drive only: the error test would see nothing. At least eight
// of them make a period, and fifty the run, as is SPICE's custom; where an expression reads the time, whose
// period nobody knows, they grow from a small one.
StepPlan::StepPlan(EquationSystem& system, const TransientCard& card) : card_(card) {
  const Circuit& circuit = system.circuit();
  system.sources().resolve(card.step, card.stop);
  options_.max_order = circuit.options.max_order;
  options_.untested_rounding = system.error_weights().rounding_of_potentials();
  // What Newton's method leaves undone at an exponential is rough from step to step: the error test takes it
  // for an error of the integration, shortens steps and lowers orders.
  if (has_junctions(circuit)) options_.newton_tolerance = 0.01;
  options_.remembers = may_oscillate(circuit);
  options_.end = card.stop;
  limits_.cap(card.max_step, &StepLimits::largest_step);
  limits_.cap(card.stop / 50, &StepLimits::span);
  limits_.cap(system.sources().shortest_period() / 8, &StepLimits::period);
  // What expressions make of the time nobody knows: steps that see what rows would show.
  const double span = card.stop - card.start;
  const double resolution = card.step > 0 ? std::min(card.step, span / 50) : span / 1000;
  if (system.auxiliary().sets().expressions.reads_time() && !(card.max_step < infinity))
    limits_.cap(resolution, &StepLimits::time_reading);
  options_.max_step = limits_.longest();
  options_.longest_start = system.sources().shortest_period() / 100;
  if (system.auxiliary().sets().expressions.reads_time())
    options_.longest_start = std::min(options_.longest_start, 1e-3 * resolution);
}

double StepPlan::begin_segment(double longest_of_lines) {
  limits_.cap_segment(longest_of_lines, &StepLimits::line_delay);
  return limits_.longest();
}

double StepPlan::farthest_step(double t, double of_lines) {
  if (card_.start == 0) return of_lines;
  if (t < card_.start) return std::min(of_lines, card_.start);
  limits_.cap(std::max((card_.stop - card_.start) / 50, 1e-12 * card_.stop), &StepLimits::span);
  const double end = t + limits_.longest();
  return std::min(of_lines, end < card_.stop * (1 - 1e-12) ? end : infinity);
}

}  // namespace memspice
