#include "analysis/output/measure_kinds.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/output/measure_cards.hpp"
#include "analysis/output/measure_points.hpp"

namespace memspice {

namespace {

using Points = MeasurePoints;
using Bounds = MeasureKind::Bounds;

/// `take` of a value that a range has, with its ends.
template <double (*value)(const MeasuredRange&)>
void take_of_range(const Points& points, const MeasureCard& card, MeasureReport& report) {
  const MeasuredRange range = points.range(card);
  report.value = value(range);
  report.details = {{"from", range.from}, {"to", range.to}};
}

/// `take` of an extremum, with its place, or of the place, with its value.
template <double MeasuredRange::*value, double MeasuredRange::*detail>
void take_extremum(const Points& points, const MeasureCard& card, MeasureReport& report) {
  const MeasuredRange range = points.range(card);
  const bool is_place = value == &MeasuredRange::smallest_at || value == &MeasuredRange::largest_at;
  report.value = range.*value;
  report.details = {{is_place ? "with" : "at", range.*detail}};
}

double average(const MeasuredRange& range) {
  return range.length > 0 ? range.integral / range.length : range.smallest;
}

double rms(const MeasuredRange& range) {
  return range.length > 0 ? std::sqrt(range.squares / range.length) : std::abs(range.smallest);
}

double integral(const MeasuredRange& range) {
  return range.integral;
}

double peak_to_peak(const MeasuredRange& range) {
  return range.largest - range.smallest;
}

/// Xyce's: `value` of what a curve does that is on and off.
template <double (*value)(const MeasuredLogic&)>
void take_of_logic(const Points& points, const MeasureCard& card, MeasureReport& report) {
  const MeasuredLogic logic = points.logic(card);
  if (logic.length <= 0) throw MeasureFailure{"there is one point only"};
  report.value = value(logic);
  report.details = {{"from", logic.from}, {"to", logic.to}};
}

double on_time(const MeasuredLogic& logic) {
  return logic.above / std::max(logic.rises, 1.0);
}

double off_time(const MeasuredLogic& logic) {
  return logic.below / std::max(logic.falls, 1.0);
}

double duty(const MeasuredLogic& logic) {
  return logic.on / logic.length;
}

double cycles(const MeasuredLogic& logic) {
  return 0.5 * (logic.rises + logic.falls) / logic.length;
}

void take_last_value(const Points& points, const MeasureCard& card, MeasureReport& report) {
  const MeasuredRange range = points.range(card);
  report.value = points.value_at(card, range.to);
  report.details = {{"at", range.to}};
}

void take_distance(const Points& points, const MeasureCard& card, MeasureReport& report) {
  const double trig = points.place(card.from, card);
  const double targ = points.place(card.to, card);
  report.value = targ - trig;
  report.details = {{"targ", targ}, {"trig", trig}};
}

void take_value(const Points& points, const MeasureCard& card, MeasureReport& report) {
  report.value =
      card.to.given() ? points.value_at(card, points.place(card.to, card)) : points.first_value(card);
}

void take_place(const Points& points, const MeasureCard& card, MeasureReport& report) {
  report.value = points.place(card.to, card);
}

void take_slope(const Points& points, const MeasureCard& card, MeasureReport& report) {
  report.value = points.slope_at(card, points.place(card.to, card));
}

void take_error(const Points& points, const MeasureCard& card, MeasureReport& report) {
  double sum = 0, squares = 0, largest = 0;
  for (const double difference : points.differences(card)) {
    sum += std::abs(difference);
    squares += difference * difference;
    largest = std::max(largest, std::abs(difference));
  }
  using Norm = MeasureReference::Norm;
  const Norm norm = card.reference->norm;
  report.value = norm == Norm::sum ? sum : norm == Norm::largest ? largest : std::sqrt(squares);
}

void take_parameter(const Points& points, const MeasureCard& card, MeasureReport& report) {
  report.value = points.constant(card.value, not_given);
}

using Range = MeasuredRange;
constexpr bool integrates = true;

// In the order in which hints name them.
// clang-format off
constexpr MeasureKind measure_rows[] = {
    {"trig targ", "trig … targ …", Bounds::none, false, read_distance, take_distance},
    {"find", "find … at=…, find … when …", Bounds::places, false, read_value_at_place, take_value},
    {"when", "when …", Bounds::places, false, read_place, take_place},
    {"avg", "avg", Bounds::range, false, read_along_range, take_of_range<average>},
    {"rms", "rms", Bounds::range, false, read_along_range, take_of_range<rms>},
    {"integ integral", "integ", Bounds::range, integrates, read_along_range, take_of_range<integral>},
    {"min", "min", Bounds::range, false, read_along_range, take_extremum<&Range::smallest, &Range::smallest_at>},
    {"max", "max", Bounds::range, false, read_along_range, take_extremum<&Range::largest, &Range::largest_at>},
    {"min_at", "min_at", Bounds::range, false, read_along_range, take_extremum<&Range::smallest_at, &Range::smallest>},
    {"max_at", "max_at", Bounds::range, false, read_along_range, take_extremum<&Range::largest_at, &Range::largest>},
    {"pp", "pp", Bounds::range, false, read_along_range, take_of_range<peak_to_peak>},
    {"deriv derivative", "deriv", Bounds::places, false, read_slope_at_place, take_slope},
    {"on_time", "on_time", Bounds::range, false, read_switching, take_of_logic<on_time>},
    {"off_time", "off_time", Bounds::range, false, read_switching, take_of_logic<off_time>},
    {"duty", "duty", Bounds::range, false, read_switching, take_of_logic<duty>},
    {"freq", "freq", Bounds::range, false, read_switching, take_of_logic<cycles>},
    {"eqn", "eqn", Bounds::range, false, read_along_range, take_last_value},
    {"error", "error … file=…", Bounds::range, false, read_comparison, take_error},
    {"param", "param", Bounds::none, false, read_parameter, take_parameter},
};
// clang-format on

}  // namespace

std::span<const MeasureKind> measure_kinds() {
  return measure_rows;
}

std::string measure_forms() {
  std::string forms;
  for (const MeasureKind& kind : measure_rows) {
    if (!forms.empty()) forms += ", ";
    forms += kind.form;
  }
  return forms;
}

}  // namespace memspice
