#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "memspice/detail/driven_states.hpp"
#include "network/flow/flow_network.hpp"
#include "network/flow/potential_solver.hpp"
#include "solver/team.hpp"

namespace memspice::network {

/// What a step of Radau's method consists of, by device or by row; `begin` is what the one before has ended
/// with.
struct CollocationCourse {
  double begin = 0, length = 0;            // s
  std::vector<double> waves;               // at its beginning, V or A, by wave
  std::vector<double> state;               // the same
  std::vector<double> potential;           // the same, V
  std::vector<DrivenStates::Point> point;  // the same
  std::vector<DrivenStates::Voltage> voltage;
  std::vector<DrivenStates::Values> states;  // at the nodes
  std::vector<double> potentials;            // at the nodes, three a row
  std::vector<double> tolerance;             // of states
  std::vector<DrivenStates::Way> way;
  std::vector<std::int8_t> met;
};

/// The memristors of a network, of each population all, and their passes over a step. The results are the
/// same bits for any size of the team.
class DrivenDevices {
 public:
  static constexpr std::size_t nodes = DrivenStates::nodes;
  struct Population {
    std::unique_ptr<DrivenStates> driven;
    std::size_t count = 0;
  };
  /// What potentials are found from at the nodes.
  struct Given {
    PotentialSolver::Given network;            // conductances, and waves
    std::vector<DrivenStates::Values> states;  // that these conductances belong to
  };

  DrivenDevices(const FlowNetwork& network, std::vector<Population> populations, Team& team)
      : network_(network), populations_(std::move(populations)), team_(team) {}

  [[nodiscard]] std::size_t count() const { return network_.memristors.size(); }
  /// The conductances (S) of all in these states, which may stand in the same place.
  void conductances(std::span<const double> states, std::span<double> conductance) const;
  /// What is known of them at the beginning of a course, from its potentials.
  void look_at_begin(CollocationCourse& course) const;
  /// A pass for the potentials as they are: states, and their conductances. Returns the largest change of a
  /// state at a node, in tolerances.
  double follow(CollocationCourse& course, Given& given);
  /// What is known of them at the end of a course.
  void look_at_end(CollocationCourse& course, const Given& given, std::span<DrivenStates::Point> point) const;
  /// The states of some at times τ within a course, ascending, one time after the other.
  void trace(const CollocationCourse& course, std::span<const double> tau,
             std::span<const std::uint32_t> which, std::span<double> states) const;

 private:
  /// Of all devices, or of those from `from` on.
  void look(std::size_t from, std::span<const double> state, std::span<const double> volts,
            std::span<DrivenStates::Point> point) const;
  void gather_voltages(CollocationCourse& course, const Given& given, std::size_t first,
                       std::size_t last) const;
  [[nodiscard]] double emf(std::size_t k, const CollocationCourse& course, const Given* given,
                           std::size_t node) const;

  const FlowNetwork& network_;
  std::vector<Population> populations_;
  Team& team_;
  std::vector<double> largest_;  // work: of blocks
};

}  // namespace memspice::network
