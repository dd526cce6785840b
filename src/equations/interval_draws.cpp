#include "equations/interval_draws.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/device_random.hpp"

namespace memspice {

IntervalDraws::IntervalDraws(const Unknowns& unknowns) {
  if (unknowns.mode() != EquationMode::transient) return;
  const Circuit& circuit = unknowns.circuit();
  for (const EquationGroup& group : unknowns.groups()) {
    const std::span<double> draws = group.population->draws();
    if (draws.empty()) continue;
    const std::size_t each = draws.size() / group.population->count();
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      const double interval = group.population->draw_interval(k);
      if (!(interval < infinity)) continue;
      const std::string name = circuit.element_names[group.devices->names[group.instance(k)]];
      instances_.push_back({draws.subspan(k * each, each), interval, device_seed(circuit, name)});
      intervals_.push_back(interval);
    }
  }
  std::ranges::sort(intervals_);
  intervals_.erase(std::unique(intervals_.begin(), intervals_.end()), intervals_.end());
}

void IntervalDraws::enter_segment(double inside) {
  if (inside == inside_ || instances_.empty()) return;
  inside_ = inside;
  for (Instance& instance : instances_) {
    const auto number = static_cast<std::uint64_t>(std::max(0.0, inside / instance.interval));
    if (number == instance.number) continue;
    instance.number = number;
    device_draws(instance.seed, number, instance.numbers);
  }
}

double IntervalDraws::next_breakpoint(double t) const {
  constexpr double least = 1e-9;  // of an interval: t is an end itself, rounded
  double next = infinity;
  for (const double interval : intervals_) {
    const double number = std::floor(t / interval + least) + 1;
    next = std::min(next, number * interval);
  }
  return next;
}

}  // namespace memspice
