#include "analysis/transient/transient_rows.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/output/shown_sums.hpp"
#include "base/interruption.hpp"

namespace memspice {

namespace {

bool is_on_grid(const Circuit& circuit, const TransientCard& card) {
  return circuit.options.interp && card.step > 0;
}

/// The times on the grid of tstep in a step, s; `next` becomes the number of the first of them.
void find_grid(const TransientCard& card, double from, double to, long& next, std::vector<double>& times) {
  times.clear();
  const double begin = std::max(card.start, 0.0);
  const long last = std::lround(std::ceil((card.stop - begin) / card.step * (1 - 1e-9)));
  for (long i = next; i <= last; ++i) {
    const double t = i == last ? card.stop : begin + static_cast<double>(i) * card.step;
    if (t > to) break;
    if (t >= from)
      times.push_back(t);
    else
      next = i + 1;
  }
}

/// The end of a step and, evenly spread, before it, as many times as keep them no further apart than tstep.
void divide(const TransientCard& card, double from, double to, std::vector<double>& times) {
  times.clear();
  if (from < card.start) {
    from = card.start;
    if (from < to) times.push_back(from);
  }
  if (card.step > 0) {
    const double pieces = std::ceil((to - from) / card.step * (1 - 1e-9));
    for (double j = 1; j < pieces; ++j) times.push_back(from + (to - from) * (j / pieces));
  }
  times.push_back(to);
}

/// What jumps at a corner has its value from behind it in the next row, which must not be later than
/// `behind`.
void show_jump(double corner, double behind, std::vector<double>& times) {
  constexpr double rounding = 5e-3;
  if (times.front() - corner > (1 + rounding) * (behind - corner)) times.insert(times.begin(), behind);
}

/// The rows of these nodes' potentials, where they show no node's sum of currents. Nothing where they do,
/// where elements are no devices, and where states have bounds.
std::vector<std::size_t> rows_without_sums(const EquationSystem& system, std::span<const NodeId> nodes) {
  const bool bounded = std::ranges::any_of(system.circuit().groups, [](const DeviceGroup& group) {
    return std::ranges::any_of(group.type->unknowns, [](const UnknownDescription& unknown) {
      return unknown.lower > -infinity || unknown.upper < infinity;
    });
  });
  if (bounded || !system.auxiliary().empty() || system.unknowns().is_linear() ||
      shows_a_sum(system, nodes, {}))
    return {};
  std::vector<std::size_t> rows;
  for (const NodeId node : nodes)
    if (const std::size_t row = system.unknowns().forest().row(node); row != 0) rows.push_back(row);
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

/// Whether measures need points before t within a step. Not where observers follow the run point by point.
bool wants_look(const AnalysisOutput& output, double step_begin, double t, PointRefiner& refiner) {
  const double from = output.last_point();
  return output.wants_points() && from >= step_begin && from < t && !refiner.is_calm(t - from);
}

}  // namespace

TransientRows::TransientRows(EquationSystem& system, Ida& ida, const TransientCard& card, WaveformSink& sink,
                             const RunOptions& options, std::vector<Diagnostic>& warnings)
    : system_(system),
      card_(card),
      options_(options),
      plan_(system.circuit(), type_of<TransientCard>(), {{"time", Quantity::time}}, warnings),
      points_(system, ida),
      refiner_(system.size()) {
  const Circuit& circuit = system.circuit();
  for (const ObserverCard& observer : circuit.observers)
    observers_.push_back(observer.type().make(system_, card, observer, plan_));
  output_ = std::make_unique<AnalysisOutput>(circuit, plan_, false, sink, warnings);
  output_->must_end_at(card.stop);
  row_.resize(plan_.width());
  if (plan_.circuit_columns().needs_branches()) plan_.circuit_columns().leave_out_other_currents(system);
  const RowDemands wanted = demands();
  if (!wanted.potentials) points_.find_states_only();
  if (wanted.potentials && !wanted.observed && !wanted.currents.any())
    points_.find_some(rows_without_sums(system, wanted.nodes));
  progress_.next_grid = card.start > 0 ? 0 : 1;  // the row at t = 0 comes with the start
}

void TransientRows::begin_segment(double t, double end, const Solution& at) {
  constexpr double soon = 1e-3;
  progress_.corner = t;
  progress_.behind_corner = t + soon * (end - t);
  refiner_.begin_segment();
  for (const auto& observer : observers_) observer->begin_segment(t, end, at);
}

bool TransientRows::exchange(Archive& archive, double t, bool rows) {
  const double begin = std::max(card_.start, 0.0);
  if (archive.reading()) progress_.row = progress_.step = t;
  if (archive.reading() && t >= begin && card_.step != 0) {
    progress_.next_grid = std::lround(std::floor((t - begin) / card_.step));
    while (begin + static_cast<double>(progress_.next_grid) * card_.step <= t) ++progress_.next_grid;
  }
  if (!rows) return true;
  archive(progress_.written);
  archive(progress_.rejected);
  archive(progress_.row);
  output_->exchange(archive);
  return std::ranges::all_of(observers_, [&](const auto& observer) { return observer->exchange(archive); });
}

void TransientRows::write_point(double t, const Solution& at) {
  const Solution& settled = source_->settle(t, at);
  if (t >= card_.start) {
    observe(t, settled);
    evaluate_row(t, settled);
    write_row(t);
  } else {
    observe(t, settled);
  }
}

bool TransientRows::end_holds() {
  const bool unseen = is_on_grid(system_.circuit(), card_) && observers_.empty() && !output_->wants_points();
  const bool holds = unseen ? points_.end_converges() : points_.end_holds();
  if (!holds) ++progress_.rejected;
  return holds;
}

void TransientRows::write(double from, double to) {
  progress_.step = from;
  for (const auto& observer : observers_) observer->begin_step();
  system_.matrix().keep();
  write_grid(from, to);
  system_.matrix().return_to_kept();
}

void TransientRows::write_grid(double from, double to) {
  const bool on_grid = is_on_grid(system_.circuit(), card_);
  if (!on_grid && to < card_.start) return observe_accepted(to);
  if (on_grid)
    find_grid(card_, from, to, progress_.next_grid, progress_.times);
  else
    divide(card_, from, to, progress_.times);
  if (!on_grid && source_ == &points_ && from == progress_.corner && progress_.behind_corner >= card_.start)
    show_jump(from, progress_.behind_corner, progress_.times);
  source_->expect(progress_.times);
  for (const double t : progress_.times) {
    if (options_.interrupted && options_.interrupted() && is_interrupted())
      return;  // a run that is saved may end its step
    interpolated_row(t);
    if (on_grid) ++progress_.next_grid;
  }
  if (on_grid && progress_.row < to) observe_accepted(to);
}

void TransientRows::interpolated_row(double t) {
  const bool looks = observers_.empty() && wants_look(*output_, progress_.step, t, refiner_);
  const bool found = source_->find(t);
  if (looks) measure_between(t);
  if (!found && t < card_.stop) {
    ++progress_.rejected;
    return;
  }
  if (!looks) {
    observe(t, source_->point());
    evaluate_row(t, source_->point());
  }
  write_row(t);
}

/// An accepted point that is no row: observers see it all the same, and measures from tstart on.
void TransientRows::observe_accepted(double t) {
  const bool measured = t >= card_.start && output_->wants_points();
  if (observers_.empty() && !measured) return;
  const bool looks = measured && observers_.empty() && wants_look(*output_, progress_.step, t, refiner_);
  source_->find(t);
  observe(t, source_->point());
  if (!measured) return;
  if (looks)
    measure_between(t);
  else
    evaluate_row(t, source_->point());
  output_->point(row_);
}

/// Gives measures as many points before t, which has been found, as make the curves between them straight
/// lines within reltol. Leaves the row of t.
void TransientRows::measure_between(double t) {
  evaluate_row(t, source_->point());
  const std::vector<double> end = row_;
  bisect(output_->last_point(), t, end, 0);
  row_ = end;
}

void TransientRows::bisect(double from, double to, const std::vector<double>& end, int depth) {
  const double middle = 0.5 * (from + to);
  if (!refiner_.may_look(depth) || middle <= from || middle >= to) return;
  source_->find(middle);
  evaluate_row(middle, source_->point());
  const double bend = output_->bend(row_, end);
  if (depth == 0) refiner_.note_bend(bend, to - from);
  if (refiner_.accepts(bend)) return;
  const std::vector<double> row = row_;
  bisect(from, middle, row, depth + 1);
  output_->point(row);
  bisect(middle, to, end, depth + 1);
}

void TransientRows::observe(double t, const Solution& at) {
  system_.path().follow(false);
  for (const auto& observer : observers_) observer->advance(t, at);
  system_.path().follow(true);
}

void TransientRows::write_row(double t) {
  output_->row(row_);
  ++progress_.written;
  progress_.row = t;
}

void TransientRows::evaluate_row(double t, const Solution& at) {
  row_[0] = t;
  system_.path().follow(false);
  plan_.circuit_columns().evaluate(system_, t, at, row_);
  system_.path().follow(true);
  std::size_t own = plan_.vectors().size();
  for (const auto& observer : observers_) own -= observer->columns();
  for (const auto& observer : observers_) {
    observer->values(std::span(row_).subspan(own, observer->columns()));
    own += observer->columns();
  }
}

void TransientRows::finish(AnalysisReport& report) {
  output_->finish(report);
  report.statistics.rows = progress_.written;
  report.statistics.rejected_rows = progress_.rejected;
  report.end_time = progress_.row;
  for (const auto& observer : observers_) observer->report(report);
}

}  // namespace memspice
