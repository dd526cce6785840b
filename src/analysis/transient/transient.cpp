#include "analysis/transient/transient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>

#include "analysis/solution/prescribed.hpp"
#include "analysis/solution/start.hpp"
#include "analysis/transient/event_search.hpp"
#include "analysis/transient/integration_failure.hpp"
#include "analysis/transient/line_watch.hpp"
#include "analysis/transient/progress_watch.hpp"
#include "analysis/transient/resonance.hpp"
#include "analysis/transient/solver_report.hpp"
#include "analysis/transient/step_budget.hpp"
#include "analysis/transient/step_check.hpp"
#include "analysis/transient/step_limits.hpp"
#include "analysis/transient/transient_rows.hpp"
#include "base/stopwatch.hpp"
#include "solver/ida.hpp"

namespace memspice {

namespace {

/// Below this part of the run nothing is looked for within a step.
constexpr double least_look = 1e-9;

/// One transient run. Life cycle: construct (numbering and output), start(), then integrate().
class Transient {
 public:
  Transient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink, const RunOptions& options,
            std::vector<Diagnostic>& warnings)
      : circuit_(circuit),
        card_(card),
        options_(options),
        warnings_(warnings),
        system_(circuit, EquationSystem::Mode::transient),
        ida_(system_, integrator_options()),
        rows_(system_, ida_, card, sink, options, warnings) {
    tighten_prescribed(system_);
  }

  void start(AnalysisReport& report) {
    system_.enter_segment(0.0);
    Start start = start_of_transient(circuit_, card_, system_);
    report.operating_point = start.method;
    warn_of_loose(circuit_, card_.where, start.loose, warnings_);
    at_ = std::move(start.at);
    system_.begin_lines(at_.y.data(), at_.derivative.data(), card_.use_initial_conditions);
  }

  void integrate(AnalysisReport& report) {
    double t = 0;
    bool first = true;
    while (t < card_.stop) {
      double end = next_corner(t);
      system_.enter_segment(0.5 * (t + end));
      last_ = at_;
      try {
        begin_segment(t, end);
      } catch (const SimulationError&) {
        segment_end_ = end;
        if (cross_segment(t)) {
          t = end;
          continue;
        }
        if (!gave_up_) throw;  // there was no way on before: that is what has to be told
        report.outcome = Outcome::failed;
        report.message = describe_failure(system_, ida_, card_.stop, *gave_up_);
        return;
      }
      gave_up_.reset();
      end = next_corner(t);  // lines have noted what has begun to travel now
      system_.enter_segment(0.5 * (t + end));
      rows_.begin_segment(t, end, at_);
      if (first) {
        rows_.write_point(t, at_);
        first = false;
      } else {
        ++report.statistics.restarts;
      }
      segment_end_ = end;
      limits_.cap_segment(lines_.longest_step(), &StepLimits::line_delay);
      ida_.limit_steps(limits_.longest());
      ida_.start(t, at_.y, at_.derivative, end, std::min(first_step_, 1e-3 * (end - t)));
      const double reached = integrate_segment(report, t);
      if (report.outcome != Outcome::complete) return;
      t = reached;
    }
  }

  [[nodiscard]] CircuitPoint end() const { return {"end", false, card_.stop, card_.step, card_.stop, at_}; }

  /// The deck's own absolute tolerance may be larger than all that an unknown does.
  void warn_of_tolerances() {
    const std::optional<std::size_t> unknown = system_.error_weights().uncontrolled();
    if (!unknown) return;
    warnings_.push_back(diagnose(
        *circuit_.sources, card_.where, 1,
        fmt::format("{} stays below the absolute tolerance that .options gives: its error is not controlled",
                    system_.name_of(*unknown)),
        "leave vntol and abstol out: what is small is then controlled relative to its own range",
        Severity::warning));
  }

  void finish(AnalysisReport& report) {
    warn_of_tolerances();
    rows_.finish(report);
    report_solver(system_, ida_, report.statistics);
    report.statistics.step_limits = limits_.limits();
  }

 private:
  /// Steps must not fall on the zeros of a smooth drive only: the error test would see nothing. At least
  /// eight of them make a period, and fifty the run, as is SPICE's custom; where an expression reads the
  /// time, whose period nobody knows, they grow from a small one.
  IdaOptions integrator_options() {
    system_.resolve_sources(card_.step, card_.stop);
    IdaOptions options;
    options.max_order = circuit_.options.max_order;
    options.untested_rounding = system_.error_weights().rounding_of_potentials();
    options.remembers = may_oscillate(circuit_);
    options.end = card_.stop;
    limits_.cap(card_.max_step, &StepLimits::largest_step);
    limits_.cap(card_.stop / 50, &StepLimits::span);
    limits_.cap(system_.shortest_period() / 8, &StepLimits::period);
    // What expressions make of the time nobody knows: steps that see what rows would show.
    const double span = card_.stop - card_.start;
    const double resolution = card_.step > 0 ? std::min(card_.step, span / 50) : span / 1000;
    if (system_.reads_time() && !(card_.max_step < infinity))
      limits_.cap(resolution, &StepLimits::time_reading);
    options.max_step = limits_.longest();
    options.longest_start = system_.shortest_period() / 100;
    if (system_.reads_time()) options.longest_start = std::min(options.longest_start, 1e-3 * resolution);
    return options;
  }

  /// How far a step from t may go: to tstart, from where on fifty steps make what is left of the run.
  double farthest_step(double t) {
    const double of_lines = lines_.farthest_step(t, segment_end_);
    if (card_.start == 0) return of_lines;
    if (t < card_.start) return std::min(of_lines, card_.start);
    limits_.cap(std::max((card_.stop - card_.start) / 50, 1e-12 * card_.stop), &StepLimits::span);
    const double end = t + limits_.longest();
    return std::min(of_lines, end < card_.stop * (1 - 1e-12) ? end : infinity);
  }

  void watch_progress(double t, long restarts) {
    const IdaStatistics& ida = ida_.statistics();
    const std::optional<std::string> warning =
        watch_.note({t, ida.steps, ida.newton_iterations, ida.newton_failures, ida.failed_steps, restarts,
                     running_.seconds()});
    if (warning && options_.warned)
      options_.warned(diagnose(*circuit_.sources, card_.where, 1, *warning, {}, Severity::warning));
  }

  /// Corners that only rounding keeps apart are one: IDA refuses so short a segment.
  [[nodiscard]] double next_corner(double t) const {
    const double corner = system_.next_breakpoint(t * (1 + 1e-12));
    return corner < card_.stop * (1 - 1e-12) ? corner : card_.stop;
  }

  /// Begins a smooth segment with consistent values.
  void begin_segment(double t, double end) {
    resonance_.begin_segment();
    system_.begin_path(t, at_.y.data(), at_.derivative.data());
    lines_.begin_segment(t, at_);
    find_scale(t, end);
    do {
      find_consistent(t, end);
    } while (lines_.meet_jumps(t, end, at_));
    system_.note_corner_of_lines(t, at_.y.data(), at_.derivative.data());
    system_.project(t, at_.y.data(), at_.derivative.data());
    system_.begin_path(t, at_.y.data(), at_.derivative.data());
    events_.begin(t, at_);
  }

  /// Consistent values, with the modes of conditions and switches that fit them.
  void find_consistent(double t, double end) {
    if (!system_.has_events()) {
      first_step_ = make_consistent(system_, t, end - t, at_);
    } else {
      constexpr int most_rounds = 20;
      system_.freeze_conditions(true);
      system_.decide_modes(t, at_.y.data(), at_.derivative.data());
      for (int round = 0;; ++round) {
        first_step_ = make_consistent(system_, t, end - t, at_);
        if (!system_.decide_modes(t, at_.y.data(), at_.derivative.data())) break;
        if (round == most_rounds)
          throw SimulationError(fmt::format(
              "conditions or switches contradict each other at t = {:.9g} s: each of their states changes "
              "one\n"
              "  try: give switches hysteresis, or put a capacitor where a comparison feeds back on itself",
              t));
      }
    }
  }

  /// What starts at zero does not tell how large it becomes; an implicit Euler step does.
  void find_scale(double t, double end) {
    if (!system_.error_weights().wants_scale()) return;
    const double h = std::min({end - t, 1e-3 * card_.stop, system_.shortest_period() / 8});
    Solution trial = at_;
    std::ranges::fill(trial.derivative, 0.0);
    if (solve_newton(system_, t + h, 1 / h, trial) == 0) return;
    system_.error_weights().note_scale(trial.y.data());
    system_.note_currents(t + h, trial.y.data(), trial.derivative.data());
  }

  /// Ends the segment at an event within the last step; leaves the values just before it in at_.
  void stop_at_event(double previous, double event) {
    constexpr std::size_t most_without_progress = 1000;
    rows_.write(previous, event);
    ida_.interpolate(event, at_.y, at_.derivative);
    lines_.note_step(previous, event);
    lines_.end_segment(event, at_);
    system_.project(event, at_.y.data(), at_.derivative.data());
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
    if (!solve_newton_robustly(system_, last_kink_, 1 / kink_step_, at_)) return false;
    system_.project(last_kink_, at_.y.data(), at_.derivative.data());
    return true;
  }

  /// The slopes at a corner may be rounding (a farad behind a microsecond), and the first step that is made
  /// of them too short for anything but rounding: the next attempt gives the first step, and every other one
  /// leaves out the slopes of the potentials, which only the predictor needs. False: there have been enough.
  bool start_anew(double begin) {
    constexpr std::array first_steps{1e-9, 1e-7, 1e-5, 1e-3, 0.1};
    if (starts_ == 2 * first_steps.size()) return false;
    Solution from = last_;
    if (starts_ % 2 == 1) std::fill_n(from.derivative.begin(), system_.rows(), 0.0);
    ida_.start(begin, from.y, from.derivative, segment_end_,
               first_steps[starts_ / 2] * (segment_end_ - begin));
    ++starts_;
    return true;
  }

  /// A segment so short that no charge and no flux changes by more than its tolerance (the edge of a pulse,
  /// of a picosecond beside seconds) may be too short for any integrator: beside C/h there is nothing left of
  /// conductances. One backward Euler step passes it, from last_; its end is in at_.
  bool cross_segment(double begin) {
    if (!system_.error_weights().wants_scale() || !system_.error_weights().tests_potentials()) return false;
    if (system_.has_events() || !system_.auxiliary().lines().empty()) return false;
    const double length = segment_end_ - begin;
    Solution next = last_;
    std::ranges::fill(next.derivative, 0.0);
    if (!solve_newton_robustly(system_, segment_end_, 1 / length, next)) return false;
    std::vector<double> weight(next.y.size());
    system_.weights(next.y.data(), length, weight.data());
    for (std::size_t i = system_.potentials(); i < next.y.size(); ++i)
      if (system_.tests_error(i) && !(std::abs(next.y[i] - last_.y[i]) * weight[i] <= 1)) return false;
    at_ = std::move(next);
    rows_.write_point(segment_end_, at_);
    return true;
  }

  /// Whether the integrator's last step is one to go on from: its end satisfies the equations, and nothing
  /// that they read of the time has happened within it unseen. Steps that are as short as it goes are.
  bool step_holds(double from, double to) {
    if (!rows_.end_holds()) return false;
    if (!system_.reads_time() || to - from <= least_look * card_.stop) return true;
    return check_.sees_all(from, to);
  }

  /// Ends the segment at the last accepted point: the next one begins with slopes that fit its values, which
  /// the integrator's may no longer do.
  void leave_at(double t) {
    at_ = last_;
    system_.project(t, at_.y.data(), at_.derivative.data());
    last_leave_ = t;
  }

  /// Back to the beginning of the last step, with one of a quarter of its length. False: that has been done
  /// often enough; a segment that begins there may find better slopes.
  bool repeat_step(double begin, double from, double to) {
    const double shorter = 0.25 * (to - from);
    if (shorter < 1e-10 * card_.stop && from > begin) {
      gave_up_ = StepOutcome::no_convergence;
      leave_at(from);
      return false;
    }
    if (shorter < 1e-14 * card_.stop)
      throw SimulationError(
          fmt::format("the integration cannot go on at t = {:.9g} s (of {:.6g} s): no row satisfies "
                      "Kirchhoff's laws however "
                      "small the step\n  try: raise the smallest resistances, or tell where the circuit "
                      "changes by a source's "
                      "waveform",
                      from, card_.stop));
    ida_.start(from, last_.y, last_.derivative, segment_end_, shorter);
    return true;
  }

  /// Integrates to the end of the segment or to an event before it; returns the time reached and leaves the
  /// values there in at_. The report's outcome says whether the run ends early.
  double integrate_segment(AnalysisReport& report, double begin) {
    double previous = begin;
    last_ = at_;
    starts_ = 0;
    while (true) {
      const StepOutcome outcome = ida_.step(farthest_step(previous));
      const bool failed = outcome == StepOutcome::no_convergence || outcome == StepOutcome::error_too_large;
      if (failed && previous == begin && start_anew(begin)) continue;
      if (failed && previous == begin && cross_segment(begin)) return segment_end_;
      if (failed) gave_up_ = outcome;
      if (outcome == StepOutcome::no_convergence && pass_kink(previous)) return previous + kink_step_;
      if (failed && previous > begin && previous - last_leave_ > 1e-6 * card_.stop) {
        leave_at(previous);
        return previous;
      }
      if (failed) {
        report.outcome = Outcome::failed;
        report.message = describe_failure(system_, ida_, card_.stop, outcome);
        return previous;
      }
      double t = ida_.time();
      if (!step_holds(previous, t)) {
        if (!repeat_step(begin, previous, t)) return previous;
        continue;
      }
      const std::optional<double> event_by = events_.look(previous, t);
      limits_.note({ida_.last_step(), event_by.has_value(),
                    outcome == StepOutcome::reached_stop || t == card_.start,
                    ida_.statistics().newton_failures});
      watch_progress(t, report.statistics.restarts);
      if (event_by) {
        const double event = events_.find(previous, *event_by, card_.stop);
        stop_at_event(previous, event);
        return event;
      }
      rows_.write(previous, t);
      events_.accept();
      system_.advance_path(t, ida_.y().data(), ida_.derivative().data());
      lines_.note_step(previous, t);
      resonance_.follow(ida_);
      previous = t;
      std::ranges::copy(ida_.y(), last_.y.begin());
      std::ranges::copy(ida_.derivative(), last_.derivative.begin());
      if (options_.progress) options_.progress(t, card_.stop);
      if (interrupted()) {
        report.outcome = Outcome::interrupted;
        report.message = fmt::format("interrupted at t = {:.6g} s of {:.6g} s", rows_.reached(), card_.stop);
        return t;
      }
      if (circuit_.options.max_steps && t < card_.stop &&
          ida_.statistics().steps >= static_cast<long>(*circuit_.options.max_steps)) {
        report.outcome = Outcome::failed;
        report.message = fmt::format(
            "stopped at t = {:.6g} s after {} steps (.options max_steps)\n  try: raise max_steps or reltol",
            t, ida_.statistics().steps);
        return t;
      }
      if (lines_.ends_segment(t, limits_.longest_of_all()) || outcome == StepOutcome::reached_stop) {
        std::ranges::copy(ida_.y(), at_.y.begin());
        std::ranges::copy(ida_.derivative(), at_.derivative.begin());
        lines_.end_segment(t, at_);
        system_.project(t, at_.y.data(), at_.derivative.data());
        return t;
      }
    }
  }

  [[nodiscard]] bool interrupted() const { return options_.interrupted && options_.interrupted(); }

  const Circuit& circuit_;
  const TransientCard& card_;
  const RunOptions& options_;
  std::vector<Diagnostic>& warnings_;
  EquationSystem system_;
  StepLimitCounter limits_;
  ProgressWatch watch_{card_.stop};
  Stopwatch running_;
  Ida ida_;
  TransientRows rows_;
  ResonanceWatch resonance_{system_};
  LineWatch lines_{system_, ida_};
  Solution at_;
  Solution last_;  // at the end of the last accepted step, free motions of bounded states
  StepCheck check_{system_, ida_};
  EventSearch events_{system_, ida_};
  double segment_end_ = 0;  // s
  double first_step_ = 0;   // s, of the segment
  double last_leave_ = -infinity;
  std::optional<StepOutcome> gave_up_;  // what made the last segment end early
  std::size_t starts_ = 0;              // of this segment, anew
  double last_event_ = -infinity;
  double last_kink_ = -infinity;
  double kink_step_ = 0;         // s
  std::size_t events_here_ = 0;  // one after the other without progress
};

}  // namespace

AnalysisReport integrate_transient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                                   const RunOptions& options, std::vector<Diagnostic>& warnings,
                                   CircuitPoint& end) {
  AnalysisReport report;
  report.analysis = "tran";
  check_steps(circuit, card);
  Stopwatch watch;
  Transient transient(circuit, card, sink, options, warnings);
  report.statistics.setup_seconds = watch.lap();
  try {
    transient.start(report);
    report.statistics.operating_point_seconds = watch.lap();
    transient.integrate(report);
    report.statistics.integration_seconds = watch.lap();
    if (report.outcome == Outcome::complete) end = transient.end();
  } catch (const SimulationError& error) {
    report.outcome = Outcome::failed;
    report.message = error.what();
  }
  transient.finish(report);
  return report;
}

}  // namespace memspice
