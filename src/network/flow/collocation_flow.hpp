#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "network/flow/collocation_pass.hpp"
#include "network/flow/factor_age.hpp"
#include "network/flow/flow_engine.hpp"

namespace memspice::network {

/// Integrates a network of memristors that conduct as one state each has it, i = G(x) v, dx/dt = f(x, v), by
/// Radau's method of order 5. Its three points of a step are found in turn: the states of every device alone
/// for the voltages as they are, the potentials of all three points for the conductances that follow. Between
/// the points the voltages are cubics, for which devices that meet a bound, a threshold or are faster than
/// the step are integrated in pieces (DrivenStates): no step ends there, and none is shortened by them.
///
/// Life cycle: construct; start(); step() until the end; the rest between.
class CollocationFlow {
 public:
  using Devices = CollocationPass::Devices;
  struct Limits {
    double relative = 1e-4;  // what a step may err in a state, as a part of its distance from its bounds,
    double absolute = 1e-6;  // and of its range beside
    double stop = 1;         // s, of the run
    double longest = 0;      // s, of a step
  };

  /// The results are the same bits for any size of the team.
  CollocationFlow(const FlowNetwork& network, std::vector<Devices> devices, const Limits& limits,
                  LaplacianPreconditioner::Choice choice, Team& team);

  void start(double t, std::span<const double> states);
  /// Goes on by one step. False: there is none.
  bool step();
  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] bool has_stepped() const { return statistics_.steps > 0; }
  /// The last step; and what the next one begins with.
  [[nodiscard]] const CollocationCourse& last() const { return last_; }
  [[nodiscard]] const CollocationCourse& next() const { return now_; }
  [[nodiscard]] const CollocationPass& devices() const { return pass_; }
  [[nodiscard]] FlowEngine::Statistics statistics() const;
  [[nodiscard]] LaplacianPreconditioner& inverse() { return inverse_; }

 private:
  static constexpr std::size_t nodes = DrivenStates::nodes;
  struct Control {
    double h = 0;                    // s, that the next step tries
    double corner = 0;               // s, the next one of the sources, or the end
    double potential_tolerance = 0;  // V
    double contraction = 0.1;        // of what the potentials lack, by a pass
    double contraction_rate = 0;     // 1/s: the same, by the length of a step
    double sensitivity = 0;          // 1/(V s): the largest of a device, in tolerances
    int failures = 0;                // one after the other
    int crawling = 0;                // steps, the same, much shorter than their error asks for
    bool begins_anew = true;         // at a corner: nothing is known of what follows
    bool regular = true;             // the Laplacian
  };

  void set_out();
  void choose_length();
  [[nodiscard]] double inside() const;
  void predict();
  void solve_potentials();
  bool solve_step();
  [[nodiscard]] double error_of_voltages();
  void accept();
  void factorise();

  const FlowNetwork& network_;
  Limits limits_;
  CollocationPass pass_;
  LaplacianPreconditioner inverse_;
  PotentialSolver solver_;
  FactorAge age_;
  CollocationCourse now_, last_;  // the step under way, and the one before
  double time_ = 0;               // s
  Control control_;
  FlowEngine::Statistics statistics_;
};

}  // namespace memspice::network
