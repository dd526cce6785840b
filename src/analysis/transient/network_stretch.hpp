#pragma once

#include <optional>

#include "analysis/transient/flow_network_of.hpp"
#include "analysis/transient/point_solver.hpp"
#include "memspice/simulate.hpp"
#include "network/flow/galerkin_flow.hpp"

namespace memspice {

/// A stretch of a transient that the network integrator does, and the points of its rows: states from the
/// step's polynomials, potentials solved anew for them, to rounding, where anybody asks for them.
class NetworkStretch final : public RowPoints {
 public:
  struct Wanted {
    double step = 0, stop = 1;  // s, of the run
    double longest_step = 1;    // s
    bool every_corner = false;
    bool potentials = true;  // by rows
  };
  /// Begins at the states of a point.
  NetworkStretch(EquationSystem& system, const Wanted& wanted, double t, const Solution& at);

  [[nodiscard]] network::GalerkinFlow& flow() { return flow_; }
  [[nodiscard]] const network::GalerkinFlow& flow() const { return flow_; }

  bool find(double t) override;
  const Solution& settle(double t, const Solution& at) override;
  [[nodiscard]] const Solution& point() const override { return point_; }

 private:
  bool solve_potentials(double t);

  EquationSystem& system_;
  bool potentials_;
  CircuitFlow circuit_;
  network::GalerkinFlow flow_;
  Solution point_;
  std::vector<double> states_, residual_;  // work
};

/// The part of a run that the network integrator does: from where it is chosen to the end, or to where it
/// finds no step.
struct NetworkPart {
  bool chosen = false;  // it, or not
  std::optional<NetworkStretch> stretch;
  std::optional<double> left;  // s, from where on IDA goes on
  network::GalerkinFlow::Statistics done;

  /// Ends it at the time t.
  void leave(double t) {
    done = stretch->flow().statistics();
    left = t;
    stretch.reset();
  }
  /// Adds its steps, and says what integrated the run.
  void report(SolverStatistics& statistics);
};

}  // namespace memspice
