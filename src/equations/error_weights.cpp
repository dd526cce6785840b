#include "equations/error_weights.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

namespace {

constexpr double negligible_weight = 1e-12;

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
      masked_(rows, 0),
      behind_inductors_(std::move(behind_inductors)) {}

void ErrorWeights::add(Quantity quantity, std::optional<double> tolerance) {
  absolute_.push_back(tolerance ? *tolerance : absolute_tolerance(options_, quantity));
  largest_.push_back(0.0);
  masked_.push_back(0);
}

void ErrorWeights::add(const DeviceType& type, const Population& population, std::size_t first) {
  internals_.push_back({&type, &population, first});
  for (std::size_t k = 0; k < population.count(); ++k) {
    for (const UnknownDescription& unknown : type.unknowns)
      absolute_.push_back(absolute_tolerance(options_, unknown.quantity));
  }
  largest_.resize(absolute_.size(), 0.0);
  masked_.resize(absolute_.size(), 0);
}

double ErrorWeights::weight_of(std::size_t i) const {
  return strictness_ / (options_.reltol * largest_[i] + absolute_[i]);
}

void ErrorWeights::weights(const double* y, double* weight) {
  for (std::size_t i = 0; i < largest_.size(); ++i) {
    largest_[i] = std::max(largest_[i], std::abs(y[i]));
    weight[i] = masked_[i] != 0 ? negligible_weight : weight_of(i);
  }
  for (const std::uint32_t row : behind_inductors_) weight[row] = negligible_weight;
}

// A state at its bound is exact, whatever the integrator predicted: its prediction error must not cut the
// step in which it arrives, nor those in which the history still remembers how it moved. The moment its drive
// turns it counts again, so that the step in which it leaves is controlled.
void ErrorWeights::mask_held(double* weight) {
  for (const Internal& internal : internals_) {
    std::size_t i = internal.first;
    for (const std::int8_t side : internal.population->held()) {
      const std::uint8_t held = side != 0 ? 1 : 0;
      if (held != masked_[i]) weight[i] = held != 0 ? negligible_weight : weight_of(i);
      masked_[i++] = held;
    }
  }
}

}  // namespace memspice
