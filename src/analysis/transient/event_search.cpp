#include "analysis/transient/event_search.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/transient/step_check.hpp"

namespace memspice {

namespace {

/// The extremum of the parabola through three points, where it lies between them and beyond all three.
struct Extremum {
  double place = 0;  // from 0 to 1
  double value = 0;
};
std::optional<Extremum> extremum(double first, double middle, double last) {
  const double slope = 4 * middle - 3 * first - last;
  const double bend = 2 * (first + last - 2 * middle);
  if (!(std::abs(bend) > 0)) return std::nullopt;
  const double place = -slope / (2 * bend);
  if (!(place > 0 && place < 1)) return std::nullopt;
  return Extremum{place, first + 0.5 * slope * place};
}

}  // namespace

void EventSearch::begin(double t, const Solution& at) {
  if (system_.auxiliary().modes().has_events()) find_arguments(t, at.y.data(), at.derivative.data(), first_);
}

/// What the modes depend on: they change where one of these changes its sign.
void EventSearch::find_arguments(double t, const double* y, const double* derivative,
                                 std::vector<double>& arguments) {
  arguments.clear();
  system_.auxiliary().modes().event_arguments(system_.points().of_rows(t, y, derivative), arguments);
}

bool EventSearch::changed_at(double t) {
  ida_.interpolate(t, y_, derivative_);
  return system_.auxiliary().modes().changed(system_.points().of_rows(t, y_.data(), derivative_.data()));
}

std::optional<double> EventSearch::look(double from, double to) {
  if (!system_.auxiliary().modes().has_events()) return std::nullopt;
  y_.resize(system_.size());
  derivative_.resize(system_.size());
  if (system_.auxiliary().sets().expressions.reads_time()) {
    for (const double part : StepCheck::inside) {
      const double t = from + part * (to - from);
      if (t > from && t < to && changed_at(t)) return t;
    }
  }
  const double* y = ida_.y().data();
  const double* derivative = ida_.derivative().data();
  if (const std::optional<double> t = look_at_extrema(from, to)) return t;
  if (system_.auxiliary().modes().changed(system_.points().of_rows(to, y, derivative))) return to;
  return std::nullopt;
}

double EventSearch::find(double begin, double end, double stop) {
  while (end - begin > 1e-15 * std::max(end, stop * 1e-3)) {
    const double middle = 0.5 * (begin + end);
    if (middle <= begin || middle >= end) break;
    (changed_at(middle) ? end : begin) = middle;
  }
  return end;
}

std::optional<double> EventSearch::look_at_extrema(double from, double to) {
  // A parabola misses the extremum of an eighth of a sine's period by a few per cent of what it rises.
  constexpr double uncertain = 0.2;
  const double half = 0.5 * (from + to);
  find_arguments(to, ida_.y().data(), ida_.derivative().data(), last_);
  if (!(half > from && half < to)) return std::nullopt;
  ida_.interpolate(half, y_, derivative_);
  find_arguments(half, y_.data(), derivative_.data(), middle_);
  for (std::size_t i = 0; i < last_.size(); ++i) {
    if (first_[i] * middle_[i] < 0 && changed_at(half)) return half;  // not where it only touches
    const std::optional<Extremum> found = extremum(first_[i], middle_[i], last_[i]);
    if (!found) continue;
    const double nearer = std::abs(first_[i]) < std::abs(last_[i]) ? first_[i] : last_[i];
    const double rise = found->value - nearer;
    if (nearer * (found->value + uncertain * rise) > 0) continue;
    const double t = from + found->place * (to - from);
    if (t > from && t < to && changed_at(t)) return t;
  }
  return std::nullopt;
}

}  // namespace memspice
