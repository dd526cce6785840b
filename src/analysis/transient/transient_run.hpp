#pragma once

#include <functional>

#include "analysis/solution/start.hpp"
#include "analysis/transient/network_stretch.hpp"
#include "analysis/transient/progress_watch.hpp"
#include "analysis/transient/segment_start.hpp"
#include "analysis/transient/step_plan.hpp"
#include "analysis/transient/step_rescue.hpp"
#include "analysis/transient/transient_rows.hpp"
#include "base/archive.hpp"
#include "base/stopwatch.hpp"

namespace memspice {

/// One transient run, step by step: with IDA from breakpoint to breakpoint, or with the network integrator as
/// long as that can do it.
///
/// Life cycle: construct (numbering and output); start(), or restore() what another run of the same circuit
/// has saved; step() while the report's outcome is complete and the stop not reached; finish(). What ends a
/// run early stands in the report; SimulationError comes out of start() and step().
class TransientRun {
 public:
  TransientRun(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
               const RunOptions& options, std::vector<Diagnostic>& warnings);

  /// Finds the operating point, or takes the initial conditions.
  void start(AnalysisReport& report);
  /// Goes on to the next accepted point, and writes the rows that lie before it.
  void step(AnalysisReport& report);
  /// Begins the segment that follows, unless one is under way: consistent values, and the first row of a run.
  /// Whether one is under way then.
  bool open_segment(AnalysisReport& report);
  /// Of the last accepted point, s.
  [[nodiscard]] double time() const { return position_.time; }
  /// at() will be called: to be told before the first step.
  void look_back() { rows_.points().look_back(); }
  /// The solution at a time within the last step; it satisfies the equations to rounding.
  [[nodiscard]] Solution at(double t);
  /// All that a run needs to go on from a time within the last step, written into the archive or read from
  /// it. History of the integrator apart: it begins anew there, with consistent values. `rows`: also what
  /// measures, tables and observers know of those so far; false: they cannot be saved.
  bool exchange(Archive& archive, double t, bool rows = false);
  /// Where no segment of IDA's is under way: calls change(at time()), which may give the sources of the
  /// circuit other functions of time, and states other values, and goes on with them. False: there is one,
  /// nothing was called.
  bool turn(const std::function<void(Solution&)>& change);
  [[nodiscard]] EquationSystem& system() { return system_; }

  /// The last point of a run that is complete.
  [[nodiscard]] CircuitPoint end() const {
    return {"end", false, card_.stop, card_.step, card_.stop, position_.at};
  }
  /// What the solvers have done, but for restarts and rows.
  void account(SolverStatistics& statistics);
  /// Completes the report; one that is interrupted without a message was so amid a step.
  void finish(AnalysisReport& report);

 private:
  struct Position {
    double time = 0;        // s, of the last accepted point
    double step_begin = 0;  // s, of the step that led there
    double segment_begin = 0;
    double segment_end = 0;
    bool in_segment = false;
    bool by_integrator = false;     // its interpolant holds along the last step
    bool restarted = false;         // this is not the first segment of the run
    double last_event = -infinity;  // s
    std::uint64_t events_here = 0;  // one after the other without progress
    Solution at;                    // where a segment begins or has ended
    Solution last;                  // at the end of the last accepted step, free motions of bounded states

    void arrive(double t, bool by_its_integrator) {
      step_begin = time;
      time = t;
      by_integrator = by_its_integrator;
    }
  };

  void step_network(AnalysisReport& report);
  void try_step(AnalysisReport& report);
  void go_on(AnalysisReport& report, StepOutcome outcome);
  void stop_at_event(double previous, double event);
  void end_segment(double t);
  bool ways_out(StepOutcome outcome);

  const TransientCard& card_;
  const RunOptions& options_;
  std::vector<Diagnostic>& warnings_;
  EquationSystem system_;
  StepPlan plan_;
  struct {
    ProgressWatch watch;
    Stopwatch running;
  } progress_;
  Ida ida_;
  TransientRows rows_;
  SegmentStart segments_;
  StepRescue rescue_;
  Position position_;
  NetworkPart network_;
};

}  // namespace memspice
