#pragma once

#include <memory>
#include <optional>

#include "analysis/transient/network_demands.hpp"
#include "analysis/transient/point_solver.hpp"
#include "memspice/simulate.hpp"
#include "network/flow/flow_points.hpp"
#include "network/flow/flow_states.hpp"
#include "solver/team.hpp"

namespace memspice {

/// A stretch of a transient that the network integrator does, and the points of its rows: states from the
/// step's polynomials, potentials solved anew for them, to rounding, where anybody asks for them.
class NetworkStretch final : public RowPoints {
 public:
  struct Wanted {
    double stop = 1;          // s, of the run
    double longest_step = 1;  // s
    RowDemands rows;
    std::size_t threads = 0;  // 0: as many as the machine has cores
  };
  /// Begins at the states of a point.
  NetworkStretch(EquationSystem& system, const Wanted& wanted, double t, const Solution& at);

  /// Goes on by one step. False: there is none.
  bool step();
  [[nodiscard]] double time() const { return engine_->time(); }
  [[nodiscard]] network::FlowEngine::Statistics statistics() const { return engine_->statistics(); }
  [[nodiscard]] const LaplacianPreconditioner& linear() { return engine_->inverse(); }
  /// The point at a time of the last step with its potentials, whoever asks for them, and with the values
  /// that sources have on the smooth piece that contains `inside` (s).
  const Solution& at(double t, double inside);
  /// The same as rows want it: without what nobody asks for.
  const Solution& row_at(double t, double inside);
  /// The same with all states, but without potentials.
  const Solution& states_at(double t);

  void expect(std::span<const double> times) override {
    points_.expect(times);
    states_of_rows_.expect(times);
  }
  /// At a jump of the sources with their values before it.
  bool find(double t) override;
  const Solution& settle(double t, const Solution& at) override;
  [[nodiscard]] const Solution& point() const override { return point_; }

 private:
  void find_some(double t, double inside);
  void find_states(double t);
  void find_point(double t, double inside);
  void find_slopes(double t);

  EquationSystem& system_;
  struct {
    bool potentials, observed;
  } rows_;
  CircuitFlow circuit_;
  NetworkDemands demands_;
  Team team_;
  std::unique_ptr<network::FlowEngine> engine_;
  network::FlowStates states_of_rows_;
  network::FlowPoints points_;  // looks at them
  Solution point_;
  std::vector<double> states_, residual_;  // work
};

/// The part of a run that the network integrator does: from where it is chosen to the end, or to where it
/// finds no step.
struct NetworkPart {
  bool chosen = false;  // it, or not
  std::optional<NetworkStretch> stretch;
  double segment_end = -infinity;  // s, of the smooth segment that observers know
  std::optional<double> left;      // s, from where on IDA goes on
  network::FlowEngine::Statistics done;
  bool factorises = false;    // not by gradients
  double entries = 0;         // of the factor
  std::string solver_reason;  // why; empty: it has not been chosen

  /// Ends it at the time t.
  void leave(double t) {
    keep();
    left = t;
    stretch.reset();
  }
  /// Adds its steps, and says what integrated the run, and why.
  void report(const Circuit& circuit, SolverStatistics& statistics);

 private:
  void keep() {
    done = stretch->statistics();
    factorises = stretch->linear().has_factor();
    entries = stretch->linear().entries();
    solver_reason = stretch->linear().reason();
  }
};

}  // namespace memspice
