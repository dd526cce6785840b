#include "equations/state_path.hpp"

namespace memspice {

void StatePath::begin(double t, const double* y, const double* derivative) {
  begun_ = following_ = true;
  time_ = t;
  for (const EquationGroup& group : unknowns_.groups()) group.population->begin_path(y, derivative);
}

void StatePath::advance(double t, const double* y, const double* derivative) {
  const EvaluationPoint at = point(t, y, derivative);
  for (const EquationGroup& group : unknowns_.groups()) group.population->advance_path(at);
  time_ = t;
}

void StatePath::return_to(double* y) const {
  for (const EquationGroup& group : unknowns_.groups()) {
    std::size_t i = group.population->wiring.first_unknown;
    for (const PathPoint& point : group.population->path()) y[i++] = point.free;
  }
}

void StatePath::project(double t, double* y, const double* derivative) const {
  const EvaluationPoint at = point(t, y, derivative);
  for (const EquationGroup& group : unknowns_.groups()) group.population->project(at, y);
}

int StatePath::met_side(std::size_t i) const {
  if (i < unknowns_.rows()) return 0;
  if (!begun_) return noted_.empty() ? 0 : noted_[i];
  const auto next = std::ranges::upper_bound(unknowns_.groups(), i, {}, [](const EquationGroup& group) {
    return group.population->wiring.first_unknown;
  });
  const Population& population = *std::prev(next)->population;
  const std::span<const std::int8_t> sides = population.met();
  return sides.empty() ? 0 : sides[i - population.wiring.first_unknown];
}

void StatePath::note_met(std::span<const std::size_t> unknowns, std::span<const std::int8_t> sides) {
  noted_.resize(unknowns_.size());
  for (std::size_t k = 0; k < unknowns.size(); ++k) noted_[unknowns[k]] = sides[k];
}

}  // namespace memspice
