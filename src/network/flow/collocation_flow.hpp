#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "memspice/detail/driven_states.hpp"
#include "network/flow/factor_age.hpp"
#include "network/flow/flow_engine.hpp"
#include "network/flow/flow_network.hpp"
#include "network/flow/potential_solver.hpp"
#include "solver/team.hpp"

namespace memspice::network {

/// Integrates a network of memristors that conduct as one state each has it, i = G(x) v, dx/dt = f(x, v), by
/// Radau's method of order 5. Its three points of a step are found in turn: the states of every device alone
/// for the voltages as they are, the potentials of all three points for the conductances that follow. Between
/// the points the voltages are cubics, for which devices that meet a bound, a threshold or are faster than
/// the step are integrated in pieces (DrivenStates): no step ends there, and none is shortened by them.
class CollocationFlow final : public FlowEngine {
 public:
  /// The memristors of a network, in its order: of each population all.
  struct Devices {
    std::unique_ptr<DrivenStates> driven;
    std::size_t count = 0;
  };
  struct Limits {
    double relative = 1e-4;  // what a step may err in a state, as a part of its distance from its bounds,
    double absolute = 1e-6;  // and of its range beside
    double stop = 1;         // s, of the run
    double longest = 0;      // s, of a step
  };

  /// The results are the same bits for any size of the team.
  CollocationFlow(const FlowNetwork& network, std::vector<Devices> devices, const Limits& limits,
                  LaplacianPreconditioner::Choice choice, Team& team);

  void start(double t, std::span<const double> states) override;
  Outcome step() override;
  [[nodiscard]] double time() const override { return time_; }
  [[nodiscard]] std::span<const std::int8_t> met() const override { return last_.met; }
  [[nodiscard]] Statistics statistics() const override;
  [[nodiscard]] LaplacianPreconditioner& inverse() override { return inverse_; }

  [[nodiscard]] FlowEngine::Step last_step() const override {
    return {statistics_.steps > 0, last_.begin, time_};
  }
  void find_states(std::span<const double> times, std::span<const std::uint32_t> which,
                   std::span<double> states) override;
  [[nodiscard]] std::span<const std::uint32_t> all() const override { return all_; }
  void find_conductances(std::span<const double> states, std::span<double> conductance) const override;
  void foresee(double tau, std::span<double> potential, std::size_t stride) const override;
  [[nodiscard]] double foresee(double tau, std::size_t row) const override;
  [[nodiscard]] double largest_potential(std::size_t row) const override;
  [[nodiscard]] bool has_smooth_sources() override { return true; }
  [[nodiscard]] bool bends() const override;

 private:
  static constexpr std::size_t nodes = DrivenStates::nodes;
  using Point = DrivenStates::Point;
  /// What a step consists of, by device or by row; `begin` is what the one before has ended with.
  struct Course {
    double begin = 0, length = 0;   // s
    std::vector<double> state;      // at its beginning
    std::vector<double> potential;  // the same, V
    std::vector<Point> point;       // the same
    std::vector<DrivenStates::Voltage> voltage;
    std::vector<DrivenStates::Values> states;  // at the nodes
    std::vector<double> potentials;            // at the nodes, three a row
    std::vector<double> tolerance;             // of states
    std::vector<DrivenStates::Way> way;
    std::vector<std::int8_t> met;
  };

  void set_out();
  void choose_length();
  void predict();
  void set_waves(const std::array<double, nodes>& times);
  void gather_voltages(std::size_t first, std::size_t last);
  double follow();
  void solve_potentials();
  bool solve_step();
  [[nodiscard]] double error_of_voltages();
  void look(std::size_t from, std::span<const double> state, std::span<const double> volts,
            std::span<Point> point) const;
  void look_at_end();
  void accept();
  void factorise(std::span<const double> conductance);
  [[nodiscard]] DrivenStates::Step step_of(const Course& course, std::size_t first, std::size_t count) const;
  template <class Work>
  void for_each_block(const Work& work);
  [[nodiscard]] double emf(std::size_t k, std::size_t node) const;

  const FlowNetwork& network_;
  std::vector<Devices> devices_;
  Limits limits_;
  Team& team_;
  LaplacianPreconditioner inverse_;
  PotentialSolver solver_;
  FactorAge age_;
  std::vector<std::uint32_t> all_;
  PotentialSolver::Given given_;             // conductances, and waves at the nodes
  std::vector<DrivenStates::Values> known_;  // the states that these conductances belong to
  std::vector<double> begin_waves_;          // V or A, by wave
  Course now_, last_;                        // the step under way, and the one before
  std::vector<Point> end_point_;
  std::vector<double> largest_;  // work: of blocks
  double time_ = 0;
  double h_ = 0;                    // s, that the next step tries
  double corner_ = 0;               // s, the next one of the sources, or the end
  double potential_tolerance_ = 0;  // V
  double contraction_ = 0.1;        // of what the potentials lack, by a pass
  double contraction_rate_ = 0;     // 1/s: the same, by the length of a step
  double sensitivity_ = 0;          // 1/(V s): the largest of a device, in tolerances
  int failures_ = 0;                // one after the other
  int crawling_ = 0;                // steps, the same, much shorter than their error asks for
  bool begins_anew_ = true;         // at a corner: nothing is known of what follows
  bool regular_ = true;
  Statistics statistics_;
};

}  // namespace memspice::network
