#include "analysis/transient/transient_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/solution/prescribed.hpp"
#include "analysis/transient/integration_failure.hpp"
#include "analysis/transient/solver_report.hpp"

namespace memspice {

namespace {

/// The deck's own absolute tolerance may be larger than all that an unknown does.
void warn_of_tolerances(EquationSystem& system, const TransientCard& card,
                        std::vector<Diagnostic>& warnings) {
  const std::optional<std::size_t> unknown = system.error_weights().uncontrolled();
  if (!unknown) return;
  warnings.push_back(diagnose(
      *system.circuit().sources, card.where, 1,
      fmt::format("{} stays below the absolute tolerance that .options gives: its error is not controlled",
                  system.unknowns().name_of(*unknown)),
      "leave vntol and abstol out: what is small is then controlled relative to its own range",
      Severity::warning));
}

/// The network integrator, where it takes the circuit, from the point reached on.
void choose_integrator(EquationSystem& system, const TransientCard& card, std::size_t threads, double t,
                       const Solution& at, TransientRows& rows, NetworkPart& part) {
  part.chosen = true;
  if (!takes_network_integrator(system.circuit())) return;
  part.stretch.emplace(system,
                       NetworkStretch::Wanted{.stop = card.stop,
                                              .longest_step = std::min(card.max_step, card.stop / 20),
                                              .rows = rows.demands(),
                                              .threads = threads},
                       t, at);
  rows.take_points_from(&*part.stretch);
}

/// No analysis looks at the potentials at the end of another one.
bool only_transients(const Circuit& circuit) {
  return std::ranges::all_of(circuit.analyses, [](const AnalysisCard& card) {
    return &card.type() == &type_of(static_cast<const TransientCard*>(nullptr));
  });
}

void note_end(AnalysisReport& report, double reached, double stop) {
  report.outcome = Outcome::interrupted;
  report.message = fmt::format("interrupted at t = {:.6g} s of {:.6g} s", reached, stop);
}

/// A step to t has been accepted. Where the run ends here the report says why.
void look_whether_to_end(const Circuit& circuit, const TransientCard& card, const RunOptions& options,
                         double t, long steps, double reached, AnalysisReport& report) {
  if (options.progress) options.progress(t, card.stop);
  if (options.interrupted && options.interrupted()) {
    note_end(report, reached, card.stop);
    return;
  }
  const std::optional<std::uint64_t>& most = circuit.options.max_steps;
  if (most && t < card.stop && steps >= static_cast<long>(*most)) {
    report.outcome = Outcome::failed;
    report.message = fmt::format(
        "stopped at t = {:.6g} s after {} steps (.options max_steps)\n  try: raise max_steps or reltol", t,
        steps);
  }
}

}  // namespace

TransientRun::TransientRun(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                           const RunOptions& options, std::vector<Diagnostic>& warnings)
    : card_(card),
      options_(options),
      warnings_(warnings),
      system_(circuit, EquationSystem::Mode::transient),
      plan_(system_, card),
      progress_{ProgressWatch(card.stop), {}},
      ida_(system_, plan_.options()),
      rows_(system_, ida_, card, sink, options, warnings),
      segments_(system_, ida_, card.stop),
      rescue_(system_, ida_, rows_, card) {
  tighten_prescribed(system_);
}

void TransientRun::start(AnalysisReport& report) {
  system_.sources().enter_segment(0.0);
  std::optional<Start> states;
  if (takes_network_integrator(system_.circuit()))
    states = start_of_states(system_.circuit(), card_, system_);
  Start start = states ? std::move(*states) : start_of_transient(system_.circuit(), card_, system_);
  report.operating_point = start.method;
  warn_of_loose(system_.circuit(), card_.where, start.loose, warnings_);
  position_.at = std::move(start.at);
  system_.auxiliary().sets().begin(
      system_.points().of_rows(0, position_.at.y.data(), position_.at.derivative.data()),
      card_.use_initial_conditions, position_.at.y.data());
}

void TransientRun::step(AnalysisReport& report) {
  const double before = position_.time;
  if (!network_.chosen)
    choose_integrator(system_, card_, options_.threads, position_.time, position_.at, rows_, network_);
  while (position_.time == before && report.outcome == Outcome::complete) {
    if (network_.stretch)
      step_network(report);
    else if (position_.in_segment)
      try_step(report);
    else
      open_segment(report);
  }
}

/// Where the network integrator finds no step IDA goes on from the point reached.
void TransientRun::step_network(AnalysisReport& report) {
  NetworkStretch& network = *network_.stretch;
  const double previous = position_.time;
  if (!(previous < network_.segment_end)) {
    const double corner = segments_.next_corner(previous);
    network_.segment_end = rows_.demands().observed ? corner : card_.stop;
    const Solution& begin = network.row_at(previous, 0.5 * (previous + corner));
    rows_.begin_segment(previous, network_.segment_end, begin);
    if (!position_.restarted) rows_.write_point(previous, begin);
    position_.restarted = true;
  }
  if (!network.step()) {
    position_.at = network.at(previous, previous * (1 - 1e-12));
    rows_.take_points_from(nullptr);
    network_.leave(previous);
    return;
  }
  rows_.write(previous, network.time());
  position_.arrive(network.time(), false);
  if (!(position_.time < card_.stop)) {
    position_.at = only_transients(system_.circuit())
                       ? network.states_at(position_.time)
                       : network.at(position_.time, position_.time * (1 - 1e-12));
  }
  look_whether_to_end(system_.circuit(), card_, options_, position_.time, network.statistics().steps,
                      rows_.reached(), report);
}

bool TransientRun::open_segment(AnalysisReport& report) {
  if (position_.in_segment || !(position_.time < card_.stop)) return position_.in_segment;
  const double t = position_.time;
  double end = segments_.next_corner(t);
  system_.sources().enter_segment(0.5 * (t + end));
  position_.last = position_.at;
  position_.by_integrator = false;
  try {
    segments_.begin(t, end, position_.at);
  } catch (const SimulationError&) {
    if (rescue_.cross_segment(t, end, position_.last, position_.at)) {
      position_.arrive(end, false);
      return false;
    }
    if (!rescue_.gave_up) throw;  // there was no way on before: that is what has to be told
    report.outcome = Outcome::failed;
    report.message = describe_failure(system_, ida_, card_.stop, *rescue_.gave_up);
    return false;
  }
  rescue_.gave_up.reset();
  end = segments_.next_corner(t);  // lines have noted what has begun to travel now
  system_.sources().enter_segment(0.5 * (t + end));
  rows_.begin_segment(t, end, position_.at);
  if (position_.restarted)
    ++report.statistics.restarts;
  else
    rows_.write_point(t, position_.at);
  ida_.limit_steps(plan_.begin_segment(segments_.lines.longest_step()));
  ida_.start(t, position_.at.y, position_.at.derivative, end, segments_.first_step(t, end));
  position_.last = position_.at;
  rescue_.begin_segment(end);
  position_.restarted = true;
  position_.in_segment = true;
  position_.segment_begin = t;
  position_.segment_end = end;
  return true;
}

/// One attempt of the integrator; ends the segment where it ends, at an event, or where there is no other way
/// on.
void TransientRun::try_step(AnalysisReport& report) {
  const double previous = position_.time;
  const StepOutcome outcome = ida_.step(
      plan_.farthest_step(previous, segments_.lines.farthest_step(previous, position_.segment_end)));
  if (outcome == StepOutcome::no_convergence || outcome == StepOutcome::error_too_large) {
    if (ways_out(outcome)) return;
    report.outcome = Outcome::failed;
    report.message = describe_failure(system_, ida_, card_.stop, outcome);
    return;
  }
  const double t = ida_.time();
  if (!rescue_.step_holds(previous, t)) {
    if (!rescue_.repeat_step(position_.segment_begin, previous, t, position_.last, position_.at))
      position_.in_segment = false;
    return;
  }
  const std::optional<double> event_by = segments_.events.look(previous, t);
  plan_.limits().note({ida_.last_step(), event_by.has_value(),
                       outcome == StepOutcome::reached_stop || t == card_.start,
                       ida_.statistics().newton_failures});
  const IdaStatistics& ida = ida_.statistics();
  const std::optional<std::string> warning =
      progress_.watch.note({t, ida.steps, ida.newton_iterations, ida.newton_failures, ida.failed_steps,
                            report.statistics.restarts, progress_.running.seconds()});
  if (warning && options_.warned)
    options_.warned(diagnose(*system_.circuit().sources, card_.where, 1, *warning, {}, Severity::warning));
  if (event_by)
    stop_at_event(previous, segments_.events.find(previous, *event_by, card_.stop));
  else
    go_on(report, outcome);
}

/// The integrator has arrived at the end of a step without an event.
void TransientRun::go_on(AnalysisReport& report, StepOutcome outcome) {
  const double previous = position_.time;
  const double t = ida_.time();
  rows_.write(previous, t);
  segments_.events.accept();
  rows_.points().step_ends(previous, position_.last);
  system_.path().advance(t, ida_.y().data(), ida_.derivative().data());
  segments_.lines.note_step(previous, t);
  segments_.resonance.follow(ida_);
  position_.arrive(t, true);
  std::ranges::copy(ida_.y(), position_.last.y.begin());
  std::ranges::copy(ida_.derivative(), position_.last.derivative.begin());
  // Where it ends early, too: it may be saved there.
  if (segments_.lines.ends_segment(t, plan_.limits().longest_of_all()) ||
      outcome == StepOutcome::reached_stop) {
    std::ranges::copy(ida_.y(), position_.at.y.begin());
    std::ranges::copy(ida_.derivative(), position_.at.derivative.begin());
    end_segment(t);
  }
  look_whether_to_end(system_.circuit(), card_, options_, t, ida_.statistics().steps, rows_.reached(),
                      report);
}

/// The values in position_.at are those of the integrator.
void TransientRun::end_segment(double t) {
  segments_.lines.end_segment(t, position_.at);
  system_.path().project(t, position_.at.y.data(), position_.at.derivative.data());
  position_.in_segment = false;
}

/// Ends the segment at an event within the last step; leaves the values just before it in position_.at.
void TransientRun::stop_at_event(double previous, double event) {
  constexpr std::size_t most_without_progress = 1000;
  rows_.write(previous, event);
  rows_.points().step_stays();
  ida_.interpolate(event, position_.at.y, position_.at.derivative);
  segments_.lines.note_step(previous, event);
  end_segment(event);
  position_.events_here = event - position_.last_event > 1e-9 * card_.stop ? 0 : position_.events_here + 1;
  position_.last_event = event;
  if (position_.events_here == most_without_progress)
    throw SimulationError(fmt::format(
        "conditions or switches change without end at t = {:.9g} s\n"
        "  try: give switches hysteresis, or put a capacitor where a comparison feeds back on itself",
        event));
  position_.arrive(event, true);
}

/// Whether there is one where the integrator cannot go on.
bool TransientRun::ways_out(StepOutcome outcome) {
  const double t = position_.time;
  const bool at_begin = t == position_.segment_begin;
  if (at_begin && rescue_.start_anew(t, position_.last)) return true;
  position_.in_segment = false;
  if (at_begin && rescue_.cross_segment(t, position_.segment_end, position_.last, position_.at)) {
    position_.arrive(position_.segment_end, false);
    return true;
  }
  rescue_.gave_up = outcome;
  if (outcome == StepOutcome::no_convergence) {
    if (const std::optional<double> end = rescue_.pass_kink(t, position_.at)) {
      position_.arrive(*end, false);
      return true;
    }
  }
  return !at_begin && rescue_.leave(t, position_.last, position_.at);
}

Solution TransientRun::at(double t) {
  if (network_.stretch) return network_.stretch->at(t, t * (1 - 1e-12));
  if (position_.by_integrator) return rows_.points().at(t);
  if (t < position_.time) {  // a way out has led there
    Solution between = position_.last;
    std::ranges::fill(between.derivative, 0.0);
    if (solve_newton_robustly(system_, t, 1 / (t - position_.step_begin), between)) return between;
  }
  return rows_.points().settle(position_.time, position_.at);
}

bool TransientRun::exchange(Archive& archive, double t, bool rows) {
  if (rows && !archive.reading() && options_.interrupted && options_.interrupted() && rows_.reached() < t)
    return false;  // some are missing
  Solution now;
  if (archive.reading())
    now = {std::vector<double>(system_.size()), std::vector<double>(system_.size())};
  else
    now = at(t);
  archive(now.y);
  archive(now.derivative);
  archive(position_.last_event);
  archive(position_.events_here);
  system_.auxiliary().exchange(archive);
  system_.error_weights().exchange(archive);
  bool remembers = ida_.memory() != nullptr;
  archive(remembers);
  if (remembers && ida_.memory() != nullptr) ida_.memory()->exchange(archive);
  bool ended_step = position_.by_integrator;
  archive(ended_step);
  if (archive.reading()) {
    std::uint32_t index = 0;
    for (LosslessLine& line : system_.auxiliary().sets().lines.lines()) {
      const std::uint32_t row = system_.auxiliary().sets().lines.first_row(index++);
      line.end_at(t, now.y.data() + row, now.derivative.data() + row);
      if (ended_step) line.correct(t, now.y.data() + row, now.derivative.data() + row);
    }
    position_.at = std::move(now);
    position_.time = position_.step_begin = t;
    position_.restarted = true;
  }
  if (rows) progress_.watch.exchange(archive);
  return rows_.exchange(archive, t, rows);
}

bool TransientRun::turn(const std::function<void(Solution&)>& change) {
  if (network_.stretch) {
    position_.at = network_.stretch->at(position_.time, position_.time * (1 - 1e-12));
    rows_.take_points_from(nullptr);
    network_.stretch.reset();
    network_.segment_end = -infinity;
    network_.chosen = false;
  } else if (position_.in_segment) {
    return false;
  }
  change(position_.at);
  system_.sources().resolve(card_.step, card_.stop);
  return true;
}

void TransientRun::finish(AnalysisReport& report) {
  if (report.outcome == Outcome::interrupted && report.message.empty())
    note_end(report, rows_.reached(), card_.stop);
  warn_of_tolerances(system_, card_, warnings_);
  rows_.finish(report);
  account(report.statistics);
}

void TransientRun::account(SolverStatistics& statistics) {
  report_solver(system_, ida_, statistics);
  network_.report(system_.circuit(), statistics);
  statistics.step_limits = plan_.limits().limits();
}

}  // namespace memspice
