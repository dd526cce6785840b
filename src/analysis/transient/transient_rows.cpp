#include "analysis/transient/transient_rows.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

TransientRows::TransientRows(EquationSystem& system, Ida& ida, const TransientCard& card, WaveformSink& sink,
                             const RunOptions& options, std::vector<Diagnostic>& warnings)
    : system_(system),
      ida_(ida),
      card_(card),
      options_(options),
      plan_(system.circuit(), type_of<TransientCard>(), {{"time", Quantity::time}}, warnings),
      may_stay_unsettled_(system.auxiliary().has_only_inductors()),
      refiner_(system.size()),
      between_{std::vector<double>(system.size()), std::vector<double>(system.size())} {
  const Circuit& circuit = system.circuit();
  for (const ObserverCard& observer : circuit.observers)
    observers_.push_back(observer.type().make(system_, card, observer, plan_));
  output_ = std::make_unique<AnalysisOutput>(circuit, plan_, false, sink, warnings);
  output_->must_end_at(card.stop);
  row_.resize(plan_.width());
  next_grid_ = card.start > 0 ? 0 : 1;  // the row at t = 0 comes with the start
}

TransientRows::~TransientRows() = default;

void TransientRows::begin_segment(double t, double end, const Solution& at) {
  refiner_.begin_segment();
  for (const auto& observer : observers_) observer->begin_segment(t, end, at);
}

void TransientRows::write_point(double t, const Solution& at) {
  between_ = at;
  if (const double excess = project(t); excess > 1) {
    system_.keep_linearisation();
    if (system_.error_weights().wants_scale()) {
      refine_currents(t, system_.coefficient(), excess);
    } else {
      solve_with_states(t);
    }
    system_.return_to_linearisation();
  }
  if (t >= card_.start) {
    write_row(t, between_);
  } else {
    observe(t, between_);
  }
}

bool TransientRows::end_holds() {
  system_.keep_linearisation();
  const bool holds = find_point(ida_.time()) && is_near();
  system_.return_to_linearisation();
  if (holds) {
    system_.note_currents();
  } else {
    ++rejected_;
  }
  return holds;
}

/// Whether the integrator's point is where the equations hold, as far as its error test asks. Next to a
/// corner its Newton method may have stopped after a short step from a steep side.
bool TransientRows::is_near() {
  constexpr double tolerated = 3;
  weight_.resize(between_.y.size());
  system_.weights(ida_.y().data(), ida_.last_step(), weight_.data());
  for (std::size_t i = system_.rows(); i < weight_.size(); ++i)
    if (system_.tests_error(i) && !(std::abs(found_[i] - ida_.y()[i]) * weight_[i] <= tolerated))
      return false;
  return true;
}

void TransientRows::write(double from, double to) {
  step_begin_ = from;
  for (const auto& observer : observers_) observer->begin_step();
  system_.keep_linearisation();
  write_grid(from, to);
  system_.return_to_linearisation();
}

void TransientRows::write_grid(double from, double to) {
  if (system_.circuit().options.interp && card_.step > 0) {
    const double begin = std::max(card_.start, 0.0);
    while (next_grid_ <= grid_last()) {
      const double t =
          next_grid_ == grid_last() ? card_.stop : begin + static_cast<double>(next_grid_) * card_.step;
      if (t > to) break;
      if (interrupted()) return;
      if (t >= from) interpolated_row(t);
      ++next_grid_;
    }
    if (last_row_ < to) observe_accepted(to);
    return;
  }
  if (to < card_.start) return observe_accepted(to);
  if (from < card_.start) {
    from = card_.start;
    if (from < to) interpolated_row(from);
  }
  if (card_.step > 0) {
    const double pieces = std::ceil((to - from) / card_.step * (1 - 1e-9));
    for (double j = 1; j < pieces && !interrupted(); ++j) interpolated_row(from + (to - from) * (j / pieces));
    if (interrupted()) return;
  }
  interpolated_row(to);
}

long TransientRows::grid_last() const {
  return std::lround(std::ceil((card_.stop - std::max(card_.start, 0.0)) / card_.step * (1 - 1e-9)));
}

void TransientRows::interpolate(double t) {
  if (t == ida_.time()) {
    std::ranges::copy(ida_.y(), between_.y.begin());
    std::ranges::copy(ida_.derivative(), between_.derivative.begin());
  } else {
    ida_.interpolate(t, between_.y, between_.derivative);
  }
}

/// Puts the states into between_; how far Kirchhoff's laws are from holding there (1: just so).
double TransientRows::project(double t) {
  found_ = between_.y;
  system_.project(t, between_.y.data(), between_.derivative.data());
  system_.follow_path(false);
  const double excess = system_.kirchhoff_excess(t, between_.y.data(), between_.derivative.data());
  system_.follow_path(true);
  return excess;
}

/// The point t of the last step, in between_, with the states in y. False: it does not satisfy the equations.
bool TransientRows::find_point(double t) {
  const double c = system_.coefficient();
  interpolate(t);
  const auto accepted = [&](bool settled) {
    const bool enough = settled || may_stay_unsettled_;
    const double excess = project(t);
    return enough && (excess <= 1 || refine_currents(t, c, excess));
  };
  if (accepted(polish(system_, t, c, between_))) return true;
  // At corners of elements full Newton steps are needed, each with its own factorisation.
  interpolate(t);
  const bool converged = solve_newton_robustly(system_, t, c, between_);
  if (!converged) interpolate(t);
  if (accepted(converged)) return true;
  if (system_.error_weights().wants_scale()) return converged;  // rounding of c times a charge, that is
  return solve_with_states(t);
}

/// Where potentials no longer move the slopes of charges still may, and with them small currents: slowly,
/// where C/h has swallowed digits of the conductances beside it.
bool TransientRows::refine_currents(double t, double c, double excess) {
  constexpr int most_iterations = 25;
  if (!system_.error_weights().wants_scale()) return false;
  best_ = between_;
  const auto holds = [&] {
    const double now = project(t);
    if (now < excess) {
      excess = now;
      best_ = between_;
    }
    return now <= 1;
  };
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    between_.y = found_;
    if (!refine(system_, t, c, between_)) break;
    if (holds()) return true;
    between_.y = found_;
    system_.balance_cut_sets(between_.y.data());
    if (holds()) return true;
  }
  between_ = best_;
  return false;
}

/// Without charges potentials follow from the states in between_, as they are rounded.
bool TransientRows::solve_with_states(double t) {
  system_.follow_path(false);
  system_.hold_states(true);
  const bool found = solve_newton(system_, t, 0, between_) > 0;
  system_.hold_states(false);
  system_.follow_path(true);
  return found;
}

void TransientRows::interpolated_row(double t) {
  measure_between(t);
  if (!find_point(t) && t < card_.stop) {
    ++rejected_;
    return;
  }
  write_row(t, between_);
}

/// An accepted point that is no row: observers see it all the same, and measures from tstart on.
void TransientRows::observe_accepted(double t) {
  const bool measured = t >= card_.start && output_->wants_points();
  if (observers_.empty() && !measured) return;
  if (measured) measure_between(t);
  find_point(t);
  observe(t, between_);
  if (!measured) return;
  evaluate_row(t, between_);
  output_->point(row_);
}

/// Gives measures so many points before t that the curves between them are straight lines within reltol.
/// Not where observers follow the run point by point.
void TransientRows::measure_between(double t) {
  const double from = output_->last_point();
  if (!output_->wants_points() || !observers_.empty() || !(from >= step_begin_ && from < t)) return;
  if (refiner_.is_calm(t - from)) return;
  find_point(t);
  evaluate_row(t, between_);
  const std::vector<double> end = row_;
  bisect(from, t, end, 0);
}

void TransientRows::bisect(double from, double to, const std::vector<double>& end, int depth) {
  const double middle = 0.5 * (from + to);
  if (!refiner_.may_look(depth) || middle <= from || middle >= to) return;
  find_point(middle);
  evaluate_row(middle, between_);
  const double bend = output_->bend(row_, end);
  if (depth == 0) refiner_.note_bend(bend, to - from);
  if (refiner_.accepts(bend)) return;
  const std::vector<double> row = row_;
  bisect(from, middle, row, depth + 1);
  output_->point(row);
  bisect(middle, to, end, depth + 1);
}

void TransientRows::observe(double t, const Solution& at) {
  system_.follow_path(false);
  for (const auto& observer : observers_) observer->advance(t, at);
  system_.follow_path(true);
}

void TransientRows::write_row(double t, const Solution& at) {
  observe(t, at);
  evaluate_row(t, at);
  output_->row(row_);
  ++rows_;
  last_row_ = t;
}

void TransientRows::evaluate_row(double t, const Solution& at) {
  row_[0] = t;
  system_.follow_path(false);
  plan_.circuit_columns().evaluate(system_, t, at, row_);
  system_.follow_path(true);
  std::size_t own = plan_.vectors().size();
  for (const auto& observer : observers_) own -= observer->columns();
  for (const auto& observer : observers_) {
    observer->values(std::span(row_).subspan(own, observer->columns()));
    own += observer->columns();
  }
}

void TransientRows::finish(AnalysisReport& report) {
  output_->finish(report);
  report.statistics.rows = rows_;
  report.statistics.rejected_rows = rejected_;
  report.end_time = last_row_;
  for (const auto& observer : observers_) observer->report(report);
}

}  // namespace memspice
