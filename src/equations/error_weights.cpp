#include "equations/error_weights.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

namespace {

constexpr double negligible_weight = 1e-12;

/// Bounded states are the only ones tested in their circuits, potentials are not: with a tenth of the
/// tolerance the potentials, too, are as good as if they had been (30×30 grid, docs/numerics.md).
constexpr double bounded_strictness = 10;

/// What a step may err, as a part of reltol, so that the error of a whole run stays below ten times reltol
/// and proportional to it: BDF of order 5 needs tolerance^(-1/6) steps, whose errors add up to
/// tolerance^(5/6), and an integrating state forgets none of them. At the default tolerance the largest step,
/// a fiftieth of the run, keeps the margin. A run that .omega holds to its tol needs a reltol of a fortieth,
/// so that circuits that amplify errors pass too; below `finest` rounding would end it at its first step.
double step_tolerance(const Circuit& circuit) {
  constexpr double reference = 1e-4;
  constexpr double margin = 0.3;
  constexpr double finest = 1e-10;
  const double reltol = circuit.options.reltol;
  const double asked =
      circuit.omega ? std::min(reltol, std::max(circuit.omega->tolerance / 40, finest)) : reltol;
  const double x = std::min(1.0, asked / reference);
  return asked / reltol * std::pow(x, 0.2) * std::max(margin, std::sqrt(x));
}

double absolute_tolerance(const Options& options, Quantity quantity) {
  switch (quantity) {
    case Quantity::voltage:
      return options.voltage_tolerance();
    case Quantity::current:
      return options.current_tolerance();
    default:
      return options.state_tolerance();
  }
}

}  // namespace

ErrorWeights::ErrorWeights(const Circuit& circuit, std::size_t rows,
                           std::vector<std::uint32_t> behind_inductors)
    : options_(circuit.options),
      strictness_(1 / step_tolerance(circuit)),
      largest_(rows, 0.0),
      absolute_(rows, circuit.options.voltage_tolerance()),
      behind_inductors_(std::move(behind_inductors)) {}

void ErrorWeights::add(Quantity quantity, std::optional<double> tolerance) {
  absolute_.push_back(tolerance ? *tolerance : absolute_tolerance(options_, quantity));
  largest_.push_back(0.0);
}

void ErrorWeights::add(const DeviceType& type, const Population& population, std::size_t first) {
  internals_.push_back({&type, &population, first});
  has_bounded_ |= !population.path().empty();
  has_active_ |= population.has_active();
  for (std::size_t k = 0; k < population.count(); ++k) {
    for (const UnknownDescription& unknown : type.unknowns)
      absolute_.push_back(absolute_tolerance(options_, unknown.quantity));
  }
  largest_.resize(absolute_.size(), 0.0);
}

double ErrorWeights::weight_of(std::size_t i) const {
  return strictness_ / (options_.reltol * largest_[i] + absolute_[i]);
}

void ErrorWeights::weights(const double* y, double* weight) {
  const auto note = [&](std::size_t i, double value) {
    largest_[i] = std::max(largest_[i], std::abs(value));
    weight[i] = weight_of(i);
  };
  std::size_t i = 0;
  for (const Internal& internal : internals_) {
    for (; i < internal.first; ++i) note(i, y[i]);
    // A free motion may have gone any way beyond a bound: what counts is the state.
    for (const PathPoint& point : internal.population->path()) {
      note(i, point.state);
      if (!has_active_) weight[i] *= bounded_strictness;
      ++i;
    }
  }
  for (; i < largest_.size(); ++i) note(i, y[i]);
  for (const std::uint32_t row : behind_inductors_) weight[row] = negligible_weight;
}

}  // namespace memspice
