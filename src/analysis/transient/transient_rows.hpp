#pragma once

#include <memory>
#include <vector>

#include "analysis/network/observer.hpp"
#include "analysis/output/analysis_output.hpp"
#include "analysis/output/output_plan.hpp"
#include "analysis/transient/network_demands.hpp"
#include "analysis/transient/point_refiner.hpp"
#include "analysis/transient/point_solver.hpp"
#include "equations/readout.hpp"
#include "memspice/simulate.hpp"
#include "solver/ida.hpp"

namespace memspice {

/// The rows of a transient, its observers, and the points between rows that measures look at. Nothing here
/// changes what is simulated: the linearisation that the integrator works with is put back.
///
/// Life cycle: construct (finds the vectors); begin_segment() and write_point() at corners, write() for every
/// accepted step; finish().
class TransientRows {
 public:
  TransientRows(EquationSystem& system, Ida& ida, const TransientCard& card, WaveformSink& sink,
                const RunOptions& options, std::vector<Diagnostic>& warnings);

  /// A smooth segment begins with the states in `at`.
  void begin_segment(double t, double end, const Solution& at);
  /// A point that no step of the integrator has led to: a row from tstart on.
  void write_point(double t, const Solution& at);
  /// When it is read: goes on with rows behind t, instead of a first one. `rows`: also what observers,
  /// measures and tables know of those so far. False: some observer cannot be saved.
  bool exchange(Archive& archive, double t, bool rows);
  /// Whether the end of the integrator's last step can be made to satisfy the equations.
  [[nodiscard]] bool end_holds();
  /// Rows in (from, to], fewer when the run is interrupted: on the grid of tstep with .options interp,
  /// otherwise at `to` and, evenly spread, before it, as many as keep them no further apart than tstep. All
  /// of them lie within the integrator's last step.
  void write(double from, double to);
  [[nodiscard]] PointSolver& points() { return points_; }
  /// Rows come from there instead; nullptr: from IDA's steps again.
  void take_points_from(RowPoints* other) { source_ = other != nullptr ? other : &points_; }
  [[nodiscard]] RowDemands demands() const {
    const CircuitColumns& columns = plan_.circuit_columns();
    return {!observers_.empty() || columns.needs_potentials(), !observers_.empty(), columns.currents(),
            columns.nodes(), columns.states(system_)};
  }
  /// The last row, or the beginning of the last step where no row was wanted, s.
  [[nodiscard]] double reached() const { return std::max(progress_.row, progress_.step); }
  void finish(AnalysisReport& report);

 private:
  void write_grid(double from, double to);
  void interpolated_row(double t);
  void observe_accepted(double t);
  void measure_between(double t);
  void bisect(double from, double to, const std::vector<double>& end, int depth);
  void observe(double t, const Solution& at);
  void write_row(double t);
  void evaluate_row(double t, const Solution& at);

  EquationSystem& system_;
  const TransientCard& card_;
  const RunOptions& options_;
  OutputPlan plan_;
  std::vector<std::unique_ptr<Observer>> observers_;
  std::unique_ptr<AnalysisOutput> output_;
  PointSolver points_;
  RowPoints* source_ = &points_;
  PointRefiner refiner_;
  std::vector<double> row_;
  struct Progress {
    std::size_t written = 0;
    std::size_t rejected = 0;
    double row = 0;            // s, the last one
    double step = 0;           // s, the beginning of the last one
    double corner = 0;         // s, the beginning of the segment
    double behind_corner = 0;  // s: no later than this the next row
    long next_grid = 1;
    std::vector<double> times;  // s, of the rows of a step
  };
  Progress progress_;
};

}  // namespace memspice
