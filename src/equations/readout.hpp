#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equations/equation_system.hpp"

// What a solution means: what was eliminated, recovered from it, and names for messages.

namespace memspice {

/// Which instances of a group have currents that are wanted.
struct WantedCurrents {
  bool all = false;
  std::vector<std::uint32_t> instances;  // ascending, where not all are: those alone
  [[nodiscard]] bool any() const { return all || !instances.empty(); }
};

/// Currents and voltages of every branch at one point, recovered from a solution.
struct BranchValues {
  std::vector<WantedCurrents> wanted;        // by group; empty: all are
  std::vector<std::vector<double>> current;  // A, by group: one per instance and branch
  std::vector<std::vector<double>> voltage;  // V
  std::vector<double> source_current;        // A, by voltage source, plus → minus through the source
  std::vector<double> tie_current;           // A, by tie of the potential forest
  std::vector<double> behavioural_current;   // A, by behavioural source
  std::vector<double> switch_current;        // A, by switch
  std::vector<double> line_current;          // A, two a line: into the plus node of either port
  std::vector<double> tolerated;      // work: A, by node, what rounding may leave; empty where nothing asks
  std::vector<double> conductance;    // work: S, by node, the largest that has been seen there
  std::vector<NodeId> most_tolerant;  // work
  std::vector<double> leaving;        // work: A, by node
  std::vector<double> sum_of_row, tolerated_of_row;  // work: A, by row
};

void read_branches(EquationSystem& system, double t, const double* y, const double* derivative,
                   BranchValues& out);

/// Value of one observable of one instance; 0 where that is a short circuit.
[[nodiscard]] double observe(EquationSystem& system, double t, const double* y, const double* derivative,
                             std::size_t group, std::size_t instance, std::size_t observable);

/// Names of the elements that have a negative resistance by themselves, states and charges held, where the
/// system was linearised last; the largest conductance first.
[[nodiscard]] std::vector<std::string> negative_resistances(const EquationSystem& system, std::size_t most);

/// Names of the loose potentials that are held: "v(x)".
[[nodiscard]] std::vector<std::string> held_loose(const EquationSystem& system);

}  // namespace memspice
