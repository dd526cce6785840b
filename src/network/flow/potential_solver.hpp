#pragma once

#include <array>
#include <span>
#include <vector>

#include "network/flow/flow_network.hpp"
#include "network/flow/residual_minimiser.hpp"

namespace memspice::network {

/// Kirchhoff's current law at three instants at once, to rounding, for states that are given: conjugate
/// gradients with the factor that the integrator has anyway.
class PotentialSolver {
 public:
  static constexpr std::size_t columns = 3;  // instants

  PotentialSolver(const FlowNetwork& network, ResidualMinimiser& linear);

  /// What is given at the instants, three numbers each.
  struct Given {
    std::vector<double> conductance;                  // S, by memristor
    std::vector<double> memristor_emf, resistor_emf;  // V
    std::vector<double> injected;                     // A
  };
  /// `potential`: V, three a row: a guess, then the solution.
  void solve(const Given& given, std::span<double> potential);

 private:
  using Values = std::array<double, columns>;
  template <class Visit>
  void for_each_branch(const Given& given, Visit&& visit) const;
  [[nodiscard]] Values find_residual(const Given& given, std::span<const double> potential);
  void multiply(const Given& given);
  void correct(const Given& given, const Values& reduction, std::span<double> potential);

  const FlowNetwork& network_;
  ResidualMinimiser& linear_;
  std::vector<double> residual_, before_, magnitude_, preconditioned_, direction_, answer_;  // three a row
};

}  // namespace memspice::network
