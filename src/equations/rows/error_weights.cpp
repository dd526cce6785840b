#include "equations/rows/error_weights.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "equations/rows/equation_rounding.hpp"

namespace memspice {

namespace {

constexpr double negligible_weight = 1e-12;

/// Free motions are integrated far beyond the bounds, and rounding there is an error of the state.
constexpr double rounding_of_motion = 10 * 2.2e-16;

/// Bounded states are the only ones tested in their circuits, potentials are not: with a thirtieth of the
/// tolerance the potentials, too, are as good as if they had been (30×30 grid, docs/numerics.md).
constexpr double bounded_strictness = 30;
/// and relative to how far they are from their bounds, not to what they were at most: of steep devices what
/// is left to a bound decides what becomes of them. Infinity: there is no bound.
double distance_to_bounds(const StateBounds& bounds, double state) {
  constexpr double least = 0.02;  // of the range
  const double range = bounds.upper - bounds.lower;
  const double distance = std::min(std::abs(state - bounds.lower), std::abs(bounds.upper - state));
  return std::max(distance, least * (range < infinity ? range : std::abs(state)));
}

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
  const auto* omega = find_card<OmegaCard>(circuit.observers);
  const double asked = omega ? std::min(reltol, std::max(omega->tolerance / 40, finest)) : reltol;
  // Where reltol is coarse steps are few, and all err to the same side.
  if (asked > reference) return asked / reltol * std::pow(reference / asked, 0.4);
  const double x = asked / reference;
  return asked / reltol * std::pow(x, 0.2) * std::max(margin, std::sqrt(x));
}

/// An error of a charge or a flux appears in its derivative as one order more: a current that is read of a
/// capacitor across a sine source comes out within 1e-4 of its range at the default tolerance.
constexpr double derivative_strictness = 4;

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

ErrorWeights::ErrorWeights(const Circuit& circuit, std::vector<std::uint32_t> scale_of_row,
                           std::vector<std::uint32_t> behind_inductors)
    : options_(circuit.options),
      strictness_(1 / step_tolerance(circuit)),
      magnitudes_(std::move(scale_of_row)),
      absolute_(magnitudes_.size(), options_.voltage_tolerance()),
      is_prescribed_(magnitudes_.size(), false),
      potentials_(magnitudes_.size()),
      behind_inductors_(std::move(behind_inductors)) {}

void ErrorWeights::reserve(std::size_t unknowns) {
  magnitudes_.reserve(unknowns);
  absolute_.reserve(unknowns);
}

void ErrorWeights::push(double absolute, Kind kind, std::uint32_t scale) {
  magnitudes_.add(kind, scale);
  absolute_.push_back(absolute);
  is_prescribed_.push_back(false);
}

void ErrorWeights::add(Quantity quantity, std::optional<double> tolerance, std::uint32_t before) {
  const Kind kind = tolerance                       ? Kind::fixed
                    : quantity == Quantity::voltage ? Kind::voltage
                    : quantity == Quantity::current ? Kind::current
                                                    : Kind::fixed;
  push(tolerance.value_or(absolute_tolerance(options_, quantity)), kind,
       before == 0 ? Magnitudes::own_scale : magnitudes_.scale(magnitudes_.size() - before));
}

void ErrorWeights::add(const DeviceType& type, const Population& population, std::size_t first) {
  internals_.push_back({&population, first, type.unknowns});
  has_bounded_ |= !population.path().empty();
  has_active_ |= population.has_active();
  const Wiring& wiring = population.wiring;
  for (std::size_t k = 0; k < population.count(); ++k) {
    for (std::size_t j = 0; j < type.unknowns.size(); ++j) {
      const UnknownDescription& unknown = type.unknowns[j];
      const StateBounds bounds = population.bounds(k * type.unknowns.size() + j, unknown);
      const double range = bounds.upper - bounds.lower;
      // Of a state that has a range a part of it.
      const double absolute = absolute_tolerance(options_, unknown.quantity) * (range < infinity ? range : 1);
      if (unknown.quantity == Quantity::voltage) {
        const std::size_t branch = k * type.branches.size();
        const std::uint32_t row = wiring.plus[branch] != 0 ? wiring.plus[branch] : wiring.minus[branch];
        push(absolute, Kind::voltage, row == 0 ? Magnitudes::own_scale : magnitudes_.scale(row));
      } else {
        push(absolute, unknown.quantity == Quantity::current ? Kind::current : Kind::fixed,
             Magnitudes::own_scale);
      }
    }
  }
}

void ErrorWeights::note_scale(const double* y) {
  std::size_t i = 0;
  for (const Internal& internal : internals_) {
    for (; i < internal.first; ++i) magnitudes_.note(i, y[i]);
    // A free motion may have gone any way beyond a bound: what counts is the state.
    for (const PathPoint& point : internal.population->path()) magnitudes_.note(i++, point.state);
  }
  for (; i < magnitudes_.size(); ++i) magnitudes_.note(i, y[i]);
}

double ErrorWeights::weight_of(std::size_t i) const {
  constexpr double least_voltage = 1e-18;  // V
  constexpr double least_current = 1e-21;  // A
  double absolute = absolute_[i];
  // Potentials have no memory, and rows have them to rounding.
  if (i < potentials_) return strictness_ / (options_.reltol * magnitudes_.largest(i) + absolute);
  // Auxiliary unknowns that share a scale are waves of one line: what meets at its ports.
  const bool internal = !internals_.empty() && i >= internals_.front().first;
  const double relative =
      options_.reltol * (internal ? magnitudes_.largest(i) : magnitudes_.largest_of_scale(i));
  if (magnitudes_.kind(i) == Kind::voltage && !options_.vntol && relative > 0)
    absolute = std::min(
        absolute, std::max({relative, equation_rounding * magnitudes_.largest_voltage(), least_voltage}));
  if (magnitudes_.kind(i) == Kind::current && !options_.abstol && relative > 0)
    absolute = std::min(
        absolute, std::max({relative, equation_rounding * magnitudes_.largest_current(), least_current}));
  const double strictness = strictness_ * (is_prescribed_[i] ? derivative_strictness : 1);
  const double weight = strictness / (relative + absolute);
  if (magnitudes_.kind(i) != Kind::voltage) return weight;
  // A voltage is the difference of potentials: their rounding is no error of the step.
  const double noise = equation_rounding * magnitudes_.largest_of_scale(i);
  return noise > 0 ? std::min(weight, 1 / noise) : weight;
}

double ErrorWeights::rounding_of_potentials() const {
  constexpr double of_largest = 1e-9;  // ratios of conductances reach 1e7
  return of_largest * strictness_ / options_.reltol;
}

void ErrorWeights::weights(const double* y, double step, std::span<const double> offset, double* weight) {
  note_scale(y);
  if (kept_.since != magnitudes_.changes())
    kept_.renew(magnitudes_, [this](std::size_t i) { return weight_of(i); });
  std::ranges::copy(kept_.weight, weight);
  inductors_.leave_out(step, offset, magnitudes_, potentials_, weight);
  for (const std::uint32_t row : behind_inductors_) weight[row] = negligible_weight;
  if (!has_bounded_ || has_active_) return;
  for (const Internal& internal : internals_) {
    const std::span<const PathPoint> path = internal.population->path();
    for (std::size_t k = 0; k < path.size(); ++k) {
      const UnknownDescription& unknown = internal.unknowns[k % internal.unknowns.size()];
      const std::size_t i = internal.first + k;
      const double magnitude = distance_to_bounds(internal.population->bounds(k, unknown), path[k].state);
      if (!(magnitude < infinity)) continue;
      weight[i] = bounded_strictness * strictness_ / (options_.reltol * magnitude + absolute_[i]);
      if (y[i] != 0) weight[i] = std::min(weight[i], 1 / (rounding_of_motion * std::abs(y[i])));
    }
  }
}

std::optional<std::size_t> ErrorWeights::uncontrolled() const {
  for (const Internal& internal : internals_) {
    for (std::size_t i = internal.first; i < magnitudes_.size(); ++i) {
      const bool given = (magnitudes_.kind(i) == Kind::voltage && options_.vntol) ||
                         (magnitudes_.kind(i) == Kind::current && options_.abstol);
      const double range = magnitudes_.largest_of_scale(i);
      if (given && range > 0 && range < absolute_[i]) return i;
    }
    break;
  }
  return std::nullopt;
}

}  // namespace memspice
