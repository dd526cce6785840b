#pragma once

#include "network/flow/driven_devices.hpp"
#include "network/flow/factor_age.hpp"
#include "network/flow/flow_engine.hpp"

namespace memspice::network {

/// Integrates a network of memristors that conduct as one state each has it, i = G(x) v, dx/dt = f(x, v), by
/// Radau's method of order 5. Its three points of a step are found in turn: the states of every device alone
/// for the voltages as they are, the potentials of all three points for the conductances that follow. Between
/// the points the voltages are cubics, for which devices that meet a bound, a threshold or are faster than
/// the step are integrated in pieces (DrivenStates): no step ends there, and none is shortened by them.
class CollocationFlow {
 public:
  struct Limits {
    double relative = 1e-4;  // what a step may err in a state, as a part of its distance from its bounds,
    double absolute = 1e-6;  // and of its range beside
    double stop = 1;         // s, of the run
    double longest = 0;      // s, of a step
  };

  /// The results are the same bits for any size of the team.
  CollocationFlow(const FlowNetwork& network, std::vector<DrivenDevices::Population> devices,
                  const Limits& limits, LaplacianPreconditioner::Choice choice, Team& team);

  /// The states at the time t (s).
  void start(double t, std::span<const double> states);
  /// Goes on by one step.
  FlowEngine::Outcome step();
  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] FlowEngine::Statistics statistics() const;
  [[nodiscard]] LaplacianPreconditioner& inverse() { return linear_.inverse; }
  [[nodiscard]] const DrivenDevices& devices() const { return devices_; }
  /// The last step; before there is one only met.
  [[nodiscard]] const CollocationCourse& last() const { return last_; }
  /// What the next step begins with.
  [[nodiscard]] const CollocationCourse& now() const { return now_; }

 private:
  void set_out();
  void set_waves(const std::array<double, DrivenStates::nodes>& times);
  void choose_length();
  void predict();
  void solve_potentials();
  bool solve_step();
  [[nodiscard]] double error_of_voltages();
  void accept();
  void factorise(std::span<const double> conductance);

  const FlowNetwork& network_;
  DrivenDevices devices_;
  Limits limits_;
  struct {
    LaplacianPreconditioner inverse;
    PotentialSolver solver;
    FactorAge age;
    bool regular = true;
  } linear_;
  DrivenDevices::Given given_;
  CollocationCourse now_, last_;  // the step under way, and the one before
  std::vector<DrivenStates::Point> end_point_;
  double time_ = 0;
  struct {
    double h = 0;             // s, that the next step tries
    double corner = 0;        // s, the next one of the sources, or the end
    int failures = 0;         // one after the other
    int crawling = 0;         // steps, the same, much shorter than their error asks for
    bool begins_anew = true;  // at a corner: nothing is known of what follows
  } length_;
  struct {
    double potential_tolerance = 0;  // V
    double contraction = 0.1;        // of what the potentials lack, by a pass
    double contraction_rate = 0;     // 1/s: the same, by the length of a step
    double sensitivity = 0;          // 1/(V s): the largest of a device, in tolerances
  } passes_;
  FlowEngine::Statistics statistics_;
};

}  // namespace memspice::network
