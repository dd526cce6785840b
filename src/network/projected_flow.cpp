#include "network/projected_flow.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace memspice::network {

namespace {

constexpr double hit_distance = 1e-13;  // at an event, moving outward this close to a bound is being on it

}  // namespace

ProjectedFlow::ProjectedFlow(Drive& drive, double tolerance, double longest_step)
    : drive_(drive),
      held_(drive.size()),
      piece_(drive, held_, tolerance, longest_step),
      events_(drive, held_, piece_),
      states_(drive.size()),
      rates_(drive.size()),
      later_states_(drive.size()),
      later_rates_(drive.size()) {}

ProjectedFlow::Statistics ProjectedFlow::statistics() const {
  return {piece_.statistics(), event_count_};
}

void ProjectedFlow::start(double t, std::span<const double> w) {
  time_ = t;
  std::ranges::transform(w, states_.begin(), [](double x) { return std::clamp(x, 0.0, 1.0); });
  held_.release_all();
  reached_ = t;
  event_pending_ = false;
}

void ProjectedFlow::begin_segment(double end) {
  segment_end_ = end;
  const long events = event_count_;
  restart(time_);
  event_count_ = events;  // a jump of a source is not an event of the flow
}

void ProjectedFlow::restart(double t) {
  if (!drive_.rates(t, states_, rates_)) throw IntegrationError(t, "the equations have no solution");
  event_count_ += held_.choose(states_, rates_);
  piece_.start(t, states_, rates_, segment_end_, first_length(t));
  reached_ = t;
  event_pending_ = false;
}

// In which no free state goes much further than its grain: a step of the length that fits the others could
// pass by all that happens there and see no error. A state that is released has no rate yet: it gets one as
// the drive changes.
double ProjectedFlow::first_length(double t) {
  double fastest = 0;
  bool at_zero = false;
  for (std::size_t k = 0; k < states_.size(); ++k) {
    if (held_[k]) continue;
    fastest = std::max(fastest, std::abs(rates_[k]));
    at_zero = at_zero || states_[k] == 0;
  }
  const double rest = segment_end_ - t;
  const double trial = std::min(1e-3 * rest, fastest > 0 ? 1e-3 / fastest : rest);
  const bool look = at_zero && trial > same_time * std::abs(t);
  if (look) {
    for (std::size_t k = 0; k < states_.size(); ++k)
      later_states_[k] = held_[k] ? states_[k] : std::clamp(states_[k] + trial * rates_[k], 0.0, 1.0);
    if (!drive_.rates(t + trial, later_states_, later_rates_)) later_rates_ = rates_;  // no solution
  }
  double longest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < states_.size(); ++k) {
    if (held_[k]) continue;
    const double way = states_[k] + drive_.grain(k);
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
    piece_.interpolate(t, 0, states_);
    held_.clamp(states_);
    time_ = t;
  }
}

void ProjectedFlow::take_step() {
  if (event_pending_)
    pass_event();
  else if (piece_.too_stiff())
    take_over();
  drive_.left_continuation();  // what was looked at before is over
  piece_.step();
  const std::optional<double> event = events_.in_last_step();
  reached_ = event.value_or(piece_.time());
  event_pending_ = event.has_value();
}

void ProjectedFlow::pass_event() {
  piece_.interpolate(reached_, 0, states_);
  piece_.interpolate(reached_, 1, rates_);
  for (std::size_t k = 0; k < states_.size(); ++k) {
    double& w = states_[k];
    if (held_[k]) continue;
    if (w <= hit_distance && rates_[k] <= 0) w = 0;
    if (1 - w <= hit_distance && rates_[k] >= 0) w = 1;
  }
  held_.clamp(states_);
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
  piece_.interpolate(reached_, 0, states_);
  held_.clamp(states_);
  piece_.take_over(states_);
  events_.take_over(reached_, states_);
}

}  // namespace memspice::network
