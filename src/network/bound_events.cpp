#include "network/bound_events.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace memspice::network {

namespace {

constexpr double overshoot = 1e-14;  // a free state this far outside has hit the bound: above its rounding
constexpr int most_attempts = 3;     // at a step, until it ends just behind its event
constexpr std::size_t sample_count = 5;  // per step; a step of high order may turn around within itself

// Where f changes sign between low and high, from f_high's side: f has the sign of f_high there.
template <class Function>
double crossing(double low, double f_low, double high, double f_high, Function&& f) {
  const double resolution = 1e-14 * (high - low) + 1e-16 * std::abs(high);
  int last_side = 0;
  for (int iteration = 0; iteration < 100 && high - low > resolution; ++iteration) {
    double t = high - f_high * (high - low) / (f_high - f_low);  // regula falsi, Illinois variant
    if (iteration % 4 == 3 || !(t > low && t < high)) t = 0.5 * (low + high);
    if (t <= low || t >= high) break;
    const double value = f(t);
    if (value == 0 || (value > 0) == (f_high > 0)) {
      high = t;
      f_high = value;
      if (last_side == 1) f_low *= 0.5;
      last_side = 1;
    } else {
      low = t;
      f_low = value;
      if (last_side == -1) f_high *= 0.5;
      last_side = -1;
    }
  }
  return high;
}

}  // namespace

BoundEvents::BoundEvents(Drive& drive, const HeldStates& held, SmoothPiece& piece)
    : drive_(drive),
      held_(held),
      piece_(piece),
      samples_(sample_count),
      states_(drive.size()),
      margin_(drive.size()) {
  for (auto& sample : samples_) {
    sample.value.resize(drive.size());
    sample.slope.resize(drive.size());
    sample.margin.resize(drive.size());
  }
}

void BoundEvents::take_over(double t, std::span<const double> states) {
  if (held_.any()) evaluate_margins(t, states, samples_.front().margin);
}

std::optional<double> BoundEvents::in_last_step() {
  if (!piece_.stiff()) return in_explicit_step();
  const auto event = first_event({true, held_.any()});
  if (!event) std::swap(samples_.front().margin, samples_.back().margin);  // where the next step begins
  return event;
}

std::optional<double> BoundEvents::in_explicit_step() {
  for (int attempt = 0;; ++attempt) {
    const bool far_outside = drive_.left_continuation();
    const Changes possible = possible_changes();
    if (!possible.hits && !possible.releases) return std::nullopt;
    if (possible.releases) held_.margins(piece_.explicit_method().first_rates(), samples_.front().margin);
    const auto event = first_event(possible);
    if (!event || !far_outside || attempt == most_attempts) return event;
    // The step is right only as far as the drive was: make it anew, to end just behind the event.
    const double begin = piece_.begin();
    const double whole = piece_.time() - begin;
    const double length = 1.001 * (*event - begin);
    if (length > 0.99 * whole || length < 1e-9 * whole || length < same_time * std::abs(begin)) return event;
    piece_.retry(length);
  }
}

// Whether a state may have reached a bound or left one within the last explicit step, by the rates at its
// stages.
BoundEvents::Changes BoundEvents::possible_changes() const {
  const DormandPrince& steps = piece_.explicit_method();
  const double length = 1.2 * (piece_.time() - piece_.begin());
  Changes possible;
  for (std::size_t k = 0; k < states_.size(); ++k) {
    const auto [lowest, highest] = steps.rates(k);
    const double w = steps.first(k);
    if (!held_[k]) {
      possible.hits = possible.hits || w + length * lowest <= 0 || w + length * highest >= 1;
    } else {
      const double inward = held_.at_top(k) ? -lowest : highest;
      possible.releases = possible.releases || inward > -0.25 * (highest - lowest);
    }
  }
  return possible;
}

std::optional<double> BoundEvents::first_event(Changes looked_for) {
  const double begin = piece_.begin();
  const double end = piece_.time();
  for (std::size_t n = 0; n < sample_count; ++n) {
    const double share = static_cast<double>(n) / (sample_count - 1);
    sample(samples_[n], n + 1 == sample_count ? end : begin + share * (end - begin),
           looked_for.releases && n > 0);
  }
  for (std::size_t n = 0; n + 1 < sample_count; ++n) {
    std::optional<double> first;
    for (std::size_t k = 0; k < states_.size(); ++k) {
      std::optional<double> event;
      if (!held_[k])
        event = bound_hit(k, samples_[n], samples_[n + 1]);
      else if (looked_for.releases)
        event = release(k, samples_[n], samples_[n + 1]);
      if (event && (!first || *event < *first)) first = event;
    }
    if (first) return first;
  }
  return std::nullopt;
}

std::optional<double> BoundEvents::bound_hit(std::size_t k, const Sample& left, const Sample& right) {
  // The nearer bound decides; `inside` is the distance to it, negative outside.
  const bool lower = right.value[k] + left.value[k] < 1;
  const auto inside = [lower](double w) { return lower ? w : 1 - w; };
  const double direction = lower ? 1 : -1;
  const double before = inside(left.value[k]);
  const double after = inside(right.value[k]);
  const double slope_before = direction * left.slope[k];
  const double slope_after = direction * right.slope[k];

  double outside_time = right.t;
  double outside_value = after;
  if (after >= -overshoot) {
    // It may have been outside in between: only if it came back, and if even the tangents meet outside.
    if (slope_before >= 0 || slope_after <= 0) return std::nullopt;
    const double to_meeting =
        (after - before - slope_after * (right.t - left.t)) / (slope_before - slope_after);
    if (before + slope_before * to_meeting >= -overshoot) return std::nullopt;
    outside_time = crossing(left.t, slope_before, right.t, slope_after,
                            [&](double t) { return direction * piece_.interpolate(t, 1, k); });
    outside_value = inside(piece_.interpolate(outside_time, 0, k));
    if (outside_value >= -overshoot) return std::nullopt;
  }
  return crossing(left.t, before + overshoot, outside_time, outside_value + overshoot,
                  [&](double t) { return inside(piece_.interpolate(t, 0, k)) + overshoot; });
}

std::optional<double> BoundEvents::release(std::size_t k, const Sample& left, const Sample& right) {
  if (!(right.margin[k] > 0)) return std::nullopt;
  return crossing(left.t, left.margin[k], right.t, right.margin[k], [&](double t) {
    piece_.interpolate(t, 0, states_);
    evaluate_margins(t, states_, margin_);
    return margin_[k];
  });
}

void BoundEvents::sample(Sample& sample, double t, bool margins) {
  sample.t = t;
  piece_.interpolate(t, 0, sample.value);
  piece_.interpolate(t, 1, sample.slope);
  if (margins) evaluate_margins(t, sample.value, sample.margin);
}

void BoundEvents::evaluate_margins(double t, std::span<const double> states, std::span<double> margin) {
  std::vector<double> inside(states.begin(), states.end());
  held_.clamp(inside);
  std::vector<double> drive(inside.size());
  if (!drive_.rates(t, inside, drive)) throw IntegrationError(t, "the equations have no solution");
  held_.margins(drive, margin);
}

}  // namespace memspice::network
