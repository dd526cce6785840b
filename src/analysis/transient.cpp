#include "analysis/transient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>

#include "analysis/analysis_output.hpp"
#include "analysis/functional_watch.hpp"
#include "analysis/invariants_watch.hpp"
#include "analysis/omega_check.hpp"
#include "analysis/point_refiner.hpp"
#include "analysis/resonance.hpp"
#include "analysis/start.hpp"
#include "solver/ida.hpp"

namespace memspice {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// One transient run. Life cycle: construct (numbering and output), start(), then integrate().
class Transient {
 public:
  Transient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink, const RunOptions& options,
            std::vector<Diagnostic>& warnings)
      : circuit_(circuit),
        card_(card),
        options_(options),
        system_(circuit, EquationSystem::Mode::transient),
        plan_(circuit, AnalysisKind::transient, {{"time", Quantity::time}}, warnings),
        ida_(system_, integrator_options()) {
    if (circuit.omega) observers_.push_back(std::make_unique<OmegaCheck>(system_, card, plan_));
    if (circuit.invariants) observers_.push_back(std::make_unique<InvariantsWatch>(system_, card, plan_));
    if (circuit.functional) observers_.push_back(std::make_unique<FunctionalWatch>(system_, plan_));
    output_.emplace(circuit, plan_, "Transient Analysis", false, sink, warnings);
    row_.resize(plan_.width());
    next_grid_ = card.start > 0 ? 0 : 1;  // the row at t = 0 comes with the start
  }

  void start(AnalysisReport& report) {
    system_.enter_segment(0.0);
    Start start = start_of_transient(circuit_, card_, system_);
    report.operating_point = start.method;
    at_ = std::move(start.at);
    system_.begin_lines(at_.y.data(), at_.derivative.data(), card_.use_initial_conditions);
  }

  void integrate(AnalysisReport& report) {
    double t = 0;
    bool first = true;
    while (t < card_.stop) {
      double end = next_corner(t);
      system_.enter_segment(0.5 * (t + end));
      begin_segment(t, end);
      end = next_corner(t);  // lines have noted what has begun to travel now
      for (const auto& observer : observers_) observer->begin_segment(t, end, at_);
      if (first) {
        if (card_.start <= 0) {
          write_row(t, at_);
        } else {
          observe(t, at_);
        }
        first = false;
      } else {
        ++report.statistics.restarts;
      }
      ida_.start(t, at_.y, at_.derivative, end);
      const double reached = integrate_segment(report, t);
      if (report.outcome != Outcome::complete) return;
      t = reached;
    }
  }

  [[nodiscard]] CircuitPoint end() const {
    CircuitPoint point{"end", false, card_.stop, card_.step, card_.stop, at_};
    clamp_states(system_, point.at);
    return point;
  }

  void finish(AnalysisReport& report) {
    output_->finish(report);
    SolverStatistics& statistics = report.statistics;
    const IdaStatistics ida = ida_.statistics();
    const MatrixStatistics& matrix = system_.matrix_statistics();
    statistics.unknowns = system_.size();
    statistics.matrix_size = system_.rows() - 1;
    statistics.matrix_nonzeros = system_.matrix_nonzeros();
    statistics.factorisation = matrix.cholesky ? "cholesky" : "lu";
    statistics.steps = ida.steps;
    statistics.failed_steps = ida.failed_steps;
    statistics.residuals = ida.residuals;
    statistics.newton_iterations = ida.newton_iterations;
    statistics.newton_failures = ida.newton_failures;
    statistics.factorisations = matrix.factorisations;
    statistics.solves = matrix.solves;
    statistics.rows = rows_;
    if (const StepMemory* memory = ida_.memory(); memory != nullptr && memory->has_counted())
      statistics.oscillation = {memory->turns(), memory->periods(), memory->accumulated_error()};
    report.end_time = last_row_;
    for (const auto& observer : observers_) observer->report(report);
  }

 private:
  /// Steps must not fall on the zeros of a smooth drive only: the error test would see nothing. At least
  /// eight of them make a period, and fifty the run, as is SPICE's custom; where an expression reads the
  /// time, whose period nobody knows, they grow from a small one.
  IdaOptions integrator_options() {
    system_.resolve_sources(card_.step, card_.stop);
    IdaOptions options;
    options.max_order = circuit_.options.max_order;
    options.remembers = may_oscillate(circuit_);
    options.end = card_.stop;
    options.max_step = std::min({card_.max_step, (card_.stop - card_.start) / 50, system_.shortest_delay(),
                                 system_.shortest_period() / 8});
    options.longest_start = system_.shortest_period() / 100;
    if (system_.reads_time()) {
      const double resolution = 1e-3 * card_.stop;
      options.longest_start = std::min(
          options.longest_start, 1e-3 * (card_.step > 0 ? std::min(card_.step, resolution) : resolution));
    }
    return options;
  }

  /// Corners that only rounding keeps apart are one: IDA refuses so short a segment.
  [[nodiscard]] double next_corner(double t) const {
    const double corner = system_.next_breakpoint(t * (1 + 1e-12));
    return corner < card_.stop * (1 - 1e-12) ? corner : card_.stop;
  }

  /// How far a state may pass its bound unnoticed within a step.
  static double bound_margin(const Circuit& circuit) {
    const double margin = 5 * circuit.options.reltol;
    constexpr double finest = 1e-10;
    return circuit.omega ? std::min(margin, std::max(0.2 * circuit.omega->tolerance, finest)) : margin;
  }

  /// Consistent values at the beginning of a smooth segment, with the modes of conditions and switches that
  /// fit them.
  void begin_segment(double t, double end) {
    refiner_.begin_segment();
    resonance_.begin_segment();
    if (!system_.has_events()) {
      make_consistent(system_, t, end - t, at_);
    } else {
      constexpr int most_rounds = 20;
      system_.freeze_conditions(true);
      system_.decide_modes(t, at_.y.data(), at_.derivative.data());
      for (int round = 0;; ++round) {
        make_consistent(system_, t, end - t, at_);
        if (!system_.decide_modes(t, at_.y.data(), at_.derivative.data())) break;
        if (round == most_rounds)
          throw SimulationError(fmt::format(
              "conditions or switches contradict each other at t = {:.9g} s: each of their states changes "
              "one\n"
              "  try: give switches hysteresis, or put a capacitor where a comparison feeds back on itself",
              t));
      }
    }
    system_.note_lines(t, at_.y.data(), at_.derivative.data(), true);
  }

  /// Where in the last step, (begin, end], a condition or a switch changes: the first moment at which its new
  /// mode holds.
  double find_event(double begin, double end) {
    while (end - begin > 1e-15 * std::max(end, card_.stop * 1e-3)) {
      const double middle = 0.5 * (begin + end);
      if (middle <= begin || middle >= end) break;
      ida_.interpolate(middle, between_.y, between_.derivative);
      (system_.modes_changed(middle, between_.y.data(), between_.derivative.data()) ? end : begin) = middle;
    }
    return end;
  }

  /// Ends the segment at an event within the last step; leaves the values just before it in at_.
  void stop_at_event(double previous, double event) {
    constexpr std::size_t most_without_progress = 1000;
    write_rows(previous, event);
    ida_.interpolate(event, at_.y, at_.derivative);
    system_.note_lines(event, at_.y.data(), at_.derivative.data(), false);
    events_here_ = event - last_event_ > 1e-9 * card_.stop ? 0 : events_here_ + 1;
    last_event_ = event;
    if (events_here_ == most_without_progress)
      throw SimulationError(fmt::format(
          "conditions or switches change without end at t = {:.9g} s\n"
          "  try: give switches hysteresis, or put a capacitor where a comparison feeds back on itself",
          event));
  }

  /// Where expressions have kinks (min, abs, the ends of a table) the integrator's Newton method can stay on
  /// the wrong side of one however small the step, with the slopes of its prediction. A backward Euler step
  /// of negligible length with a fresh Jacobian in every iteration gets past it. Leaves the point kink_step_
  /// later in at_; false when that does not help or has not helped just before.
  bool pass_kink(double t) {
    if (circuit_.programs.empty()) return false;
    const bool again = t - last_kink_ < 10 * kink_step_;
    kink_step_ = again ? 8 * kink_step_ : 1e-9 * card_.stop;
    if (kink_step_ > 1e-5 * card_.stop || t + kink_step_ >= card_.stop) return false;
    std::ranges::copy(ida_.y(), at_.y.begin());
    std::ranges::fill(at_.derivative, 0.0);
    last_kink_ = t + kink_step_;
    return solve_newton_robustly(system_, last_kink_, 1 / kink_step_, at_);
  }

  /// Integrates to the end of the segment or to an event before it; returns the time reached and leaves the
  /// values there in at_. The report's outcome says whether the run ends early.
  double integrate_segment(AnalysisReport& report, double begin) {
    double previous = begin;
    while (true) {
      const double wanted = std::max(ida_.next_step(), 0.0);
      const double step = system_.step_to_bounds(wanted, bound_margin(circuit_), ida_.y(), ida_.derivative());
      const StepOutcome outcome = ida_.step(step < wanted ? previous + step : infinity);
      if (outcome == StepOutcome::no_convergence && pass_kink(previous)) return previous + kink_step_;
      if (outcome == StepOutcome::no_convergence || outcome == StepOutcome::error_too_large) {
        report.outcome = Outcome::failed;
        report.message = failure(outcome);
        return previous;
      }
      const double t = ida_.time();
      if (system_.has_events() && system_.modes_changed(t, ida_.y().data(), ida_.derivative().data())) {
        const double event = find_event(previous, t);
        stop_at_event(previous, event);
        return event;
      }
      system_.note_step(ida_.last_step());
      for (const auto& observer : observers_) observer->begin_step();
      write_rows(previous, t);
      system_.settle(ida_.derivative());
      system_.note_lines(t, ida_.y().data(), ida_.derivative().data(), false);
      resonance_.follow(ida_);
      previous = t;
      if (options_.progress) options_.progress(t, card_.stop);
      if (interrupted()) {
        report.outcome = Outcome::interrupted;
        report.message = fmt::format("interrupted at t = {:.6g} s of {:.6g} s",
                                     std::max(last_row_, step_begin_), card_.stop);
        return t;
      }
      if (circuit_.options.max_steps &&
          ida_.statistics().steps >= static_cast<long>(*circuit_.options.max_steps)) {
        report.outcome = Outcome::failed;
        report.message = fmt::format(
            "stopped at t = {:.6g} s after {} steps (.options max_steps)\n  try: raise max_steps or reltol",
            t, ida_.statistics().steps);
        return t;
      }
      if (outcome == StepOutcome::reached_stop) {
        std::ranges::copy(ida_.y(), at_.y.begin());
        std::ranges::copy(ida_.derivative(), at_.derivative.begin());
        return t;
      }
    }
  }

  [[nodiscard]] bool interrupted() const { return options_.interrupted && options_.interrupted(); }

  /// Rows in (from, to], fewer when the run is interrupted: on the grid of tstep with .options interp,
  /// otherwise at `to` and, evenly spread, so many before it that no two are further apart than tstep.
  void write_rows(double from, double to) {
    step_begin_ = from;
    if (circuit_.options.interp && card_.step > 0) {
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
      for (double j = 1; j < pieces && !interrupted(); ++j)
        interpolated_row(from + (to - from) * (j / pieces));
      if (interrupted()) return;
    }
    interpolated_row(to);
  }

  [[nodiscard]] long grid_last() const {
    return std::lround(std::ceil((card_.stop - std::max(card_.start, 0.0)) / card_.step * (1 - 1e-9)));
  }

  /// Makes between_ satisfy the equations at t; at a kink of an expression that takes full Newton steps.
  void polish_point(double t) {
    if (polish(system_, t, system_.coefficient(), between_) || circuit_.programs.empty()) return;
    Solution next = between_;
    if (solve_newton_robustly(system_, t, system_.coefficient(), next)) std::swap(between_, next);
  }

  /// The point t of the last step, in between_.
  void find_point(double t) {
    if (t == ida_.time()) {
      std::ranges::copy(ida_.y(), between_.y.begin());
      std::ranges::copy(ida_.derivative(), between_.derivative.begin());
    } else {
      ida_.interpolate(t, between_.y, between_.derivative);
    }
    polish_point(t);
  }

  void interpolated_row(double t) {
    measure_between(t);
    find_point(t);
    write_row(t, between_);
  }

  /// An accepted point that is no row: observers see it all the same, and measures from tstart on.
  void observe_accepted(double t) {
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
  void measure_between(double t) {
    const double from = output_->last_point();
    if (!output_->wants_points() || !observers_.empty() || !(from >= step_begin_ && from < t)) return;
    if (refiner_.is_calm(t - from)) return;
    find_point(t);
    evaluate_row(t, between_);
    const std::vector<double> end = row_;
    bisect(from, t, end, 0);
  }

  void bisect(double from, double to, const std::vector<double>& end, int depth) {
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

  void observe(double t, const Solution& at) {
    for (const auto& observer : observers_) observer->advance(t, at);
  }

  void write_row(double t, const Solution& at) {
    observe(t, at);
    evaluate_row(t, at);
    output_->row(row_);
    ++rows_;
    last_row_ = t;
  }

  void evaluate_row(double t, const Solution& at) {
    row_[0] = t;
    plan_.evaluate(system_, t, at, row_);
    std::size_t own = plan_.vectors().size();
    for (const auto& observer : observers_) own -= observer->columns();
    for (const auto& observer : observers_) {
      observer->values(std::span(row_).subspan(own, observer->columns()));
      own += observer->columns();
    }
  }

  [[nodiscard]] std::string failure(StepOutcome outcome) const {
    std::string message = fmt::format(
        "the integration cannot go on at t = {:.9g} s (of {:.6g} s): {}", ida_.time(), card_.stop,
        outcome == StepOutcome::no_convergence ? "Newton's method does not converge however small the step"
                                               : "the error stays too large however small the step");
    const std::span<const double> y = ida_.y();
    const std::span<const double> slope = ida_.derivative();
    std::vector<std::size_t> order(y.size() - 1);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i + 1;
    const std::size_t most = std::min<std::size_t>(3, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
                      [&](std::size_t a, std::size_t b) {
                        return std::abs(slope[a]) * (1e-9 + std::abs(y[b])) >
                               std::abs(slope[b]) * (1e-9 + std::abs(y[a]));
                      });
    message += "\n  fastest unknowns:";
    for (std::size_t i = 0; i < most; ++i)
      message += fmt::format("{} {} = {:.6g} ({:+.3g}/s)", i == 0 ? "" : ",", system_.name_of(order[i]),
                             y[order[i]], slope[order[i]]);
    if (const auto suspects = system_.suspects(5); !suspects.empty())
      message += fmt::format(
          "\n  negative resistances: {}: their mixture with positive ones has become singular, the currents "
          "diverge",
          fmt::join(suspects, ", "));
    message += fmt::format("\n  tried: steps down to {:.3g} s, factorising anew at each", ida_.last_step());
    message +=
        "\n  try: end the run earlier, change the active devices' initial states or sources, or raise reltol";
    return message;
  }

  const Circuit& circuit_;
  const TransientCard& card_;
  const RunOptions& options_;
  EquationSystem system_;
  OutputPlan plan_;
  std::vector<std::unique_ptr<Observer>> observers_;
  std::optional<AnalysisOutput> output_;
  Ida ida_;
  ResonanceWatch resonance_{system_};
  Solution at_;
  Solution between_{std::vector<double>(system_.size()), std::vector<double>(system_.size())};
  std::vector<double> row_;
  std::size_t rows_ = 0;
  double last_row_ = 0;
  double step_begin_ = 0;
  PointRefiner refiner_{system_.size()};
  long next_grid_ = 1;
  double last_event_ = -infinity;
  double last_kink_ = -infinity;
  double kink_step_ = 0;         // s
  std::size_t events_here_ = 0;  // one after the other without progress
};

}  // namespace

AnalysisReport run_transient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                             const RunOptions& options, std::vector<Diagnostic>& warnings,
                             CircuitPoint& end) {
  AnalysisReport report;
  report.analysis = "tran";
  const auto begin = Clock::now();
  Transient transient(circuit, card, sink, options, warnings);
  report.statistics.setup_seconds = seconds_since(begin);
  const auto ready = Clock::now();
  try {
    transient.start(report);
    report.statistics.operating_point_seconds = seconds_since(ready);
    const auto started = Clock::now();
    transient.integrate(report);
    report.statistics.integration_seconds = seconds_since(started);
    if (report.outcome == Outcome::complete) end = transient.end();
  } catch (const SimulationError& error) {
    report.outcome = Outcome::failed;
    report.message = error.what();
  }
  transient.finish(report);
  return report;
}

}  // namespace memspice
