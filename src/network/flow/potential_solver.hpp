#pragma once

#include <array>
#include <functional>
#include <span>
#include <vector>

#include "network/flow/flow_network.hpp"
#include "solver/laplacian_preconditioner.hpp"

namespace memspice::network {

/// Kirchhoff's current law at three instants at once, for states that are given: conjugate gradients with the
/// factor that the integrator has anyway.
class PotentialSolver {
 public:
  using Values = Instants;

  PotentialSolver(const FlowNetwork& network, LaplacianPreconditioner& inverse);

  /// What is given at the instants.
  struct Given {
    std::vector<double> conductance;  // S, by memristor, one instant after the other
    std::vector<Values> waves;        // V or A, by wave
  };
  /// How large errors of potentials (V, three a row) are beside what they may be.
  using Measure = std::function<double(std::span<const double>)>;
  /// `potential`: V, three a row: a guess, then the solution. Kirchhoff's law holds to rounding.
  void solve(const Given& given, std::span<double> potential);
  /// The same, with errors of a measure below 1, as far as the factor tells, which is older than the states.
  void solve(const Given& given, const Measure& measure, std::span<double> potential);
  /// The same, with errors of no more than `tolerance`, V.
  void solve(const Given& given, double tolerance, std::span<double> potential);
  /// Adds to the potentials, at each instant, that sum of three fields (V, three a row) that brings them
  /// nearest to the solution: Σ g u² of what it leaves is the least.
  void approach(const Given& given, std::span<const double> fields, std::span<double> potential) const;
  /// Of all solutions so far, with the approximate inverse.
  [[nodiscard]] long iterations() const { return iterations_; }

 private:
  template <class Visit>
  void for_each_branch(const Given& given, const Visit& visit) const;
  template <class Visit>
  void for_each_injection(const Given& given, const Visit& visit) const;
  [[nodiscard]] Values find_residual(const Given& given, std::span<const double> potential);
  void multiply(const Given& given);
  template <class GoesOn>
  bool descend(const Given& given, std::span<double> potential, GoesOn&& goes_on);
  void resize(std::size_t size);

  const FlowNetwork& network_;
  LaplacianPreconditioner& inverse_;
  std::vector<double> residual_, before_, magnitude_, preconditioned_, direction_, answer_;  // three a row
  long iterations_ = 0;
};

}  // namespace memspice::network
