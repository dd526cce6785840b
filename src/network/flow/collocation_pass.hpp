#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "memspice/detail/driven_states.hpp"
#include "network/flow/flow_network.hpp"
#include "network/flow/potential_solver.hpp"
#include "solver/team.hpp"

namespace memspice::network {

/// A step of CollocationFlow, by device or by row.
struct CollocationCourse {
  double begin = 0, length = 0;                // s
  std::vector<double> state;                   // at its beginning
  std::vector<double> potential;               // the same, V
  std::vector<DrivenStates::Point> point;      // the same
  std::vector<DrivenStates::Point> end_point;  // at its end
  std::vector<DrivenStates::Voltage> voltage;
  std::vector<DrivenStates::Values> states;  // at the nodes
  std::vector<double> potentials;            // at the nodes, three a row
  std::vector<double> tolerance;             // of states
  std::vector<DrivenStates::Way> way;
  std::vector<std::int8_t> met;

  void allocate(std::size_t rows, std::span<const double> states);
  /// For the devices of one population.
  [[nodiscard]] DrivenStates::Step step_of(std::size_t first, std::size_t count) const;
};

/// The memristors of a network in a step: their states for given potentials, and their conductances.
///
/// Life cycle: construct; allocate(); the rest as often as wanted. The results are the same bits for any size
/// of the team.
class CollocationPass {
 public:
  /// The memristors of a network, in its order: of each population all.
  struct Devices {
    std::unique_ptr<DrivenStates> driven;
    std::size_t count = 0;
  };
  static constexpr std::size_t nodes = DrivenStates::nodes;

  CollocationPass(const FlowNetwork& network, std::vector<Devices> devices, Team& team);
  void allocate();

  /// Conductances as these states have them, at all nodes.
  void freeze(std::span<const double> states);
  /// The sources' values at these times, on the smooth piece that contains `inside` (s).
  void set_waves(const std::array<double, nodes>& times, double inside);
  /// A step begins with the sources' values of the last node.
  void begin_waves() {
    for (std::size_t s = 0; s < begin_waves_.size(); ++s) begin_waves_[s] = given_.waves[s][nodes - 1];
  }
  /// V, in series with a memristor: at the beginning of the step, or at a node.
  [[nodiscard]] double emf(std::size_t k, std::size_t node) const;
  /// Finds the states at the nodes for the voltages as they are. Returns the largest change of one, in
  /// tolerances.
  double follow(CollocationCourse& now);
  /// What is known of the devices at these states and voltages (V), of the memristors from `from` on.
  void look(std::size_t from, std::span<const double> state, std::span<const double> volts,
            std::span<DrivenStates::Point> point) const;
  void look_at_end(CollocationCourse& now);
  void find_conductances(std::span<const double> states, std::span<double> conductance) const;
  /// The states of a memristor that came through a step in pieces.
  void trace(const CollocationCourse& course, std::size_t k, std::span<const double> tau,
             std::span<double> state) const;
  /// For potentials at the nodes.
  [[nodiscard]] const PotentialSolver::Given& given() const { return given_; }

 private:
  template <class Work>
  void for_each_block(const Work& work);
  void gather_voltages(CollocationCourse& now, std::size_t first, std::size_t last);

  const FlowNetwork& network_;
  std::vector<Devices> devices_;
  Team& team_;
  PotentialSolver::Given given_;             // conductances, and waves at the nodes
  std::vector<DrivenStates::Values> known_;  // the states that these conductances belong to
  std::vector<double> begin_waves_;          // V or A, by wave
  std::vector<double> largest_;              // work: of blocks
};

}  // namespace memspice::network
