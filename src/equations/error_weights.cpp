#include "equations/error_weights.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

namespace {

constexpr double negligible_weight = 1e-12;
constexpr std::uint8_t settled = 6;  // steps at a bound after which BDF of order 5 remembers nothing else

/// What a step may err, as a part of reltol, so that the error of a whole run stays below ten times reltol
/// and proportional to it: BDF of order 5 needs tolerance^(-1/6) steps, whose errors add up to
/// tolerance^(5/6), and an integrating state forgets none of them. At the default tolerance the largest step,
/// a fiftieth of the run, keeps the margin. A run that .omega holds to its tol needs a reltol of a tenth.
double step_tolerance(const Circuit& circuit) {
  constexpr double reference = 1e-4;
  constexpr double margin = 0.3;
  const double reltol = circuit.options.reltol;
  const double asked = circuit.omega ? std::min(reltol, circuit.omega->tolerance / 10) : reltol;
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
      rest_(rows, 0),
      behind_inductors_(std::move(behind_inductors)) {}

void ErrorWeights::add(const DeviceType& type, const Population& population, std::size_t first) {
  internals_.push_back({&type, &population, first});
  for (std::size_t k = 0; k < population.count(); ++k) {
    for (const UnknownDescription& unknown : type.unknowns)
      absolute_.push_back(absolute_tolerance(options_, unknown.quantity));
  }
  largest_.resize(absolute_.size(), 0.0);
  rest_.resize(absolute_.size(), 0);
}

void ErrorWeights::note_step(double step, std::span<const double> derivative) {
  step_ = step;
  derivative_ = derivative;
  for (const Internal& internal : internals_) {
    std::size_t i = internal.first;
    for (const std::int8_t held : internal.population->held()) {
      rest_[i] = held == 0 ? 0 : std::min<std::uint8_t>(rest_[i] + 1, settled);
      ++i;
    }
  }
}

void ErrorWeights::weights(const double* y, double* weight) {
  for (std::size_t i = 0; i < largest_.size(); ++i) {
    largest_[i] = std::max(largest_[i], std::abs(y[i]));
    weight[i] = strictness_ / (options_.reltol * largest_[i] + absolute_[i]);
  }
  for (const std::uint32_t row : behind_inductors_) weight[row] = negligible_weight;
  // A state about to hit its bound within two steps must not cut the step: its prediction error is large, the
  // state soon exact. Nor must one that was caught, as long as the predictor remembers how it moved. Then it
  // counts again, so that the step in which it leaves the bound is controlled (docs/numerics.md).
  if (derivative_.empty()) return;
  for (const Internal& internal : internals_) {
    if (internal.population->held().empty()) continue;
    std::size_t i = internal.first;
    for (std::size_t k = 0; k < internal.population->count(); ++k) {
      for (const UnknownDescription& unknown : internal.type->unknowns) {
        const double soon = y[i] + 2 * step_ * derivative_[i];
        const bool hitting = soon >= unknown.upper || soon <= unknown.lower;
        if (rest_[i] < settled && (rest_[i] > 0 || hitting)) weight[i] = negligible_weight;
        ++i;
      }
    }
  }
}

}  // namespace memspice
