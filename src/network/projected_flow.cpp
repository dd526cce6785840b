#include "network/projected_flow.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

constexpr double overshoot = 1e-14;     // a free state this far outside has hit the bound: above its rounding
constexpr double hit_distance = 1e-13;  // at an event, moving outward this close to a bound is being on it
constexpr double inward_share = 1e-14;  // of the fastest rate: a drive below it does not release a held state
constexpr double same_time = 1e-13;     // relative: events closer than this are one instant
constexpr double look_ahead = 1e-9;     // of what is left of the segment
constexpr double shortest_run = 1e-12;  // relative to the time: what CVODE can start on
constexpr int most_attempts = 3;        // at a step, until it ends just behind its event
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

bool ProjectedFlow::FreeFlow::rates(double t, std::span<const double> y, std::span<double> rates) {
  if (!drive.rates(t, y, rates)) return false;
  for (std::size_t k = 0; k < held.size(); ++k) {
    if (held[k]) rates[k] = 0;
  }
  return true;
}

ProjectedFlow::ProjectedFlow(Drive& drive, double tolerance, double longest_step)
    : raw_(drive),
      flow_(drive),
      explicit_(raw_, tolerance, longest_step),
      cvode_(flow_, tolerance, tolerance, longest_step),
      states_(drive.size()),
      work_(drive.size()),
      rates_(drive.size()),
      later_rates_(drive.size()),
      at_top_(drive.size(), false),
      samples_(sample_count) {
  for (auto& sample : samples_) {
    sample.value.resize(drive.size());
    sample.slope.resize(drive.size());
    sample.margin.resize(drive.size());
  }
}

ProjectedFlow::Statistics ProjectedFlow::statistics() const {
  Statistics sum{cvode_.statistics(), events_};
  const DormandPrince::Statistics steps = explicit_.statistics();
  sum.steps += steps.steps;
  sum.rate_evaluations += steps.rate_evaluations;
  sum.starts += steps.starts;
  return sum;
}

void ProjectedFlow::start(double t, std::span<const double> w) {
  time_ = t;
  std::ranges::transform(w, states_.begin(), [](double x) { return std::clamp(x, 0.0, 1.0); });
  flow_.held.assign(states_.size(), false);
}

void ProjectedFlow::begin_segment(double end) {
  segment_end_ = end;
  const long events = events_;
  restart(time_);
  events_ = events;  // a jump of a source is not an event of the flow
}

void ProjectedFlow::restart(double t) {
  if (!flow_.drive.rates(t, states_, rates_)) throw IntegrationError(t, "the equations have no solution");
  const double fastest =
      std::abs(*std::ranges::max_element(rates_, {}, [](double rate) { return std::abs(rate); }));
  any_held_ = false;
  for (std::size_t k = 0; k < states_.size(); ++k) {
    const double inward = states_[k] == 0 ? rates_[k] : -rates_[k];
    const bool hold = (states_[k] == 0 || states_[k] == 1) && inward <= inward_share * fastest;
    if (hold != flow_.held[k]) ++events_;
    flow_.held[k] = hold;
    at_top_[k] = states_[k] == 1;
    any_held_ = any_held_ || hold;
  }
  explicit_.start(t, states_, rates_, flow_.held, segment_end_, first_length(t));
  stiff_ = false;
  step_begin_ = reached_ = t;
  event_pending_ = false;
}

// In which no free state goes much further than its grain: a step of the length that fits the others could
// pass by all that happens there and see no error. A state that is released has no rate yet: it gets one as
// the drive changes.
double ProjectedFlow::first_length(double t) {
  double fastest = 0;
  bool at_zero = false;
  for (std::size_t k = 0; k < states_.size(); ++k) {
    if (flow_.held[k]) continue;
    fastest = std::max(fastest, std::abs(rates_[k]));
    at_zero = at_zero || states_[k] == 0;
  }
  const double rest = segment_end_ - t;
  const double trial = std::min(1e-3 * rest, fastest > 0 ? 1e-3 / fastest : rest);
  const bool look = at_zero && trial > same_time * std::abs(t);
  if (look) {
    for (std::size_t k = 0; k < states_.size(); ++k)
      work_[k] = flow_.held[k] ? states_[k] : std::clamp(states_[k] + trial * rates_[k], 0.0, 1.0);
    if (!flow_.drive.rates(t + trial, work_, later_rates_)) later_rates_ = rates_;  // no solution
  }
  double longest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < states_.size(); ++k) {
    if (flow_.held[k]) continue;
    const double way = states_[k] + flow_.drive.grain(k);
    const double rate = std::abs(rates_[k]);
    const double growth = look && states_[k] == 0 ? std::max(0.0, later_rates_[k] - rates_[k]) / trial : 0;
    const double faster = rate + std::sqrt(rate * rate + 2 * growth * way);
    if (faster > 0) longest = std::min(longest, 2 * way / faster);
  }
  return longest;
}

void ProjectedFlow::advance(double t) {
  while (reached_ < t) take_step();
  if (t > time_) {
    interpolate(t, 0, states_);
    clamp(states_);
    time_ = t;
  }
}

void ProjectedFlow::take_step() {
  if (event_pending_)
    pass_event();
  else if (!stiff_ && explicit_.stiff())
    take_over();
  std::optional<double> event;
  step_begin_ = reached_;
  if (stiff_) {
    if (!cvode_.step()) throw IntegrationError(cvode_.time(), cvode_.failure());
    event = first_event(step_begin_, cvode_.time(), {true, any_held_});
    if (!event) std::swap(samples_.front().margin, samples_.back().margin);
  } else {
    flow_.drive.left_continuation();
    if (!explicit_.step()) throw IntegrationError(explicit_.time(), explicit_.failure());
    event = explicit_event();
  }
  reached_ = event.value_or(stiff_ ? cvode_.time() : explicit_.time());
  event_pending_ = event.has_value();
}

void ProjectedFlow::pass_event() {
  Sample& at = samples_.front();
  sample(at, reached_, false);
  for (std::size_t k = 0; k < states_.size(); ++k) {
    double& w = at.value[k];
    if (flow_.held[k]) continue;
    if (w <= hit_distance && at.slope[k] <= 0) w = 0;
    if (1 - w <= hit_distance && at.slope[k] >= 0) w = 1;
  }
  clamp(at.value);
  std::ranges::copy(at.value, states_.begin());
  const bool at_once = reached_ - last_event_ <= std::max(same_time * std::abs(reached_), 2 * leap_);
  events_at_once_ = at_once ? events_at_once_ + 1 : 0;
  if (events_at_once_ > 200 + 10 * states_.size())
    throw IntegrationError(reached_, "states reach and leave their bounds without end");
  leap_ = 0;
  if (events_at_once_ > 4 + states_.size()) {
    // The whole drive passes through zero and rounding decides on the signs of all rates. They mean
    // something a little later; nothing moves until then.
    const auto doublings = static_cast<double>(events_at_once_ - states_.size()) / 4;
    leap_ = std::min(same_time * std::abs(reached_) * std::exp2(std::min(doublings, 30.0)),
                     std::max(0.0, segment_end_ - reached_));
    reached_ += leap_;
  }
  last_event_ = reached_;
  restart(reached_);
}

// CVODE goes on from the end of the last explicit step.
void ProjectedFlow::take_over() {
  explicit_.interpolate(reached_, 0, states_);
  clamp(states_);
  // The segment's end may be so close that CVODE sees no distance: let it run past a little.
  cvode_.start(reached_, states_, std::max(segment_end_, reached_ + shortest_run * std::abs(reached_)));
  if (any_held_) evaluate_margins(reached_, states_, samples_.front().margin);
  stiff_ = true;
}

std::optional<double> ProjectedFlow::explicit_event() {
  for (int attempt = 0;; ++attempt) {
    const bool far_outside = flow_.drive.left_continuation();
    const Changes possible = possible_changes();
    if (!possible.hits && !possible.releases) return std::nullopt;
    if (possible.releases) margins(explicit_.first_rates(), samples_.front().margin);
    const double begin = explicit_.begin();
    const double end = explicit_.time();
    const auto event = first_event(begin, end, possible);
    if (!event || !far_outside || attempt == most_attempts) return event;
    // The step is right only as far as the drive was: make it anew, to end just behind the event.
    const double length = 1.001 * (*event - begin);
    if (length > 0.99 * (end - begin) || length < 1e-9 * (end - begin) ||
        length < same_time * std::abs(begin))
      return event;
    if (!explicit_.retry(length)) throw IntegrationError(explicit_.time(), explicit_.failure());
  }
}

// Whether a state may have reached a bound or left one within the last explicit step, by the rates at its
// stages.
ProjectedFlow::Changes ProjectedFlow::possible_changes() const {
  const double length = 1.2 * (explicit_.time() - explicit_.begin());
  Changes possible;
  for (std::size_t k = 0; k < states_.size(); ++k) {
    const auto [lowest, highest] = explicit_.rates(k);
    const double w = explicit_.first(k);
    if (!flow_.held[k]) {
      possible.hits = possible.hits || w + length * lowest <= 0 || w + length * highest >= 1;
    } else {
      const double inward = at_top_[k] ? -lowest : highest;
      possible.releases = possible.releases || inward > -0.25 * (highest - lowest);
    }
  }
  return possible;
}

std::optional<double> ProjectedFlow::first_event(double begin, double end, Changes looked_for) {
  for (std::size_t n = 0; n < sample_count; ++n) {
    const double share = static_cast<double>(n) / (sample_count - 1);
    sample(samples_[n], n + 1 == sample_count ? end : begin + share * (end - begin),
           looked_for.releases && n > 0);
  }
  for (std::size_t n = 0; n + 1 < sample_count; ++n) {
    std::optional<double> first;
    for (std::size_t k = 0; k < states_.size(); ++k) {
      std::optional<double> event;
      if (!flow_.held[k])
        event = bound_hit(k, samples_[n], samples_[n + 1]);
      else if (looked_for.releases)
        event = release(k, samples_[n], samples_[n + 1]);
      if (event && (!first || *event < *first)) first = event;
    }
    if (first) return first;
  }
  return std::nullopt;
}

std::optional<double> ProjectedFlow::bound_hit(std::size_t k, const Sample& left, const Sample& right) {
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
                            [&](double t) { return direction * interpolated(k, t, 1); });
    outside_value = inside(interpolated(k, outside_time, 0));
    if (outside_value >= -overshoot) return std::nullopt;
  }
  return crossing(left.t, before + overshoot, outside_time, outside_value + overshoot,
                  [&](double t) { return inside(interpolated(k, t, 0)) + overshoot; });
}

std::optional<double> ProjectedFlow::release(std::size_t k, const Sample& left, const Sample& right) {
  const auto margin_at = [&](double t) {
    interpolate(t, 0, work_);
    evaluate_margins(t, work_, rates_);
    return rates_[k];
  };
  if (right.margin[k] > 0) return crossing(left.t, left.margin[k], right.t, right.margin[k], margin_at);
  return std::nullopt;
}

void ProjectedFlow::sample(Sample& sample, double t, bool margins) {
  sample.t = t;
  interpolate(t, 0, sample.value);
  interpolate(t, 1, sample.slope);
  if (margins) evaluate_margins(t, sample.value, sample.margin);
}

void ProjectedFlow::evaluate_margins(double t, std::span<const double> y, std::vector<double>& margin) {
  std::vector<double> inside(y.begin(), y.end());
  clamp(inside);
  std::vector<double> drive(inside.size());
  if (!flow_.drive.rates(t, inside, drive)) throw IntegrationError(t, "the equations have no solution");
  margins(drive, margin);
}

void ProjectedFlow::margins(std::span<const double> rates, std::vector<double>& margin) const {
  double fastest = 0;
  for (const double rate : rates) fastest = std::max(fastest, std::abs(rate));
  for (std::size_t k = 0; k < margin.size(); ++k)
    margin[k] = (at_top_[k] ? -rates[k] : rates[k]) - inward_share * fastest;
}

void ProjectedFlow::interpolate(double t, int derivative, std::span<double> y) {
  if (stiff_) return cvode_.interpolate(t, derivative, y);
  explicit_.interpolate(t, derivative, y);
}

double ProjectedFlow::interpolated(std::size_t k, double t, int derivative) {
  if (!stiff_) return explicit_.interpolate(t, derivative, k);
  cvode_.interpolate(t, derivative, work_);
  return work_[k];
}

void ProjectedFlow::clamp(std::span<double> y) const {
  for (std::size_t k = 0; k < y.size(); ++k) {
    y[k] = flow_.held[k] ? std::round(y[k]) : std::clamp(y[k], 0.0, 1.0);
  }
}

}  // namespace memspice::network
