#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "network/flow/flow_network.hpp"
#include "network/flow/flux_pass.hpp"
#include "network/flow/residual_minimiser.hpp"

namespace memspice::network {

/// Integrates a network of linear memristors. In each step the potentials are polynomials of degree 2 in
/// time, every memristor is integrated exactly for them (FluxStep), and Kirchhoff's current law holds in the
/// mean against all such polynomials (a Galerkin method in time). Bounds that are met change integrals only:
/// no step ends there, and corners of sources end one only where the polynomials would lose them.
///
/// Life cycle: construct; start(); step() until the end; last_step() between.
class GalerkinFlow {
 public:
  static constexpr std::size_t K = FluxPass::K;

  struct Limits {
    double tolerance = 1e-4;    // what a step may err in any state, as estimated
    double stop = 1;            // s, of the run
    double longest = 0;         // s, of a step
    bool every_corner = false;  // ends a step
  };
  enum class Outcome { advanced, no_step };  // no_step: too stiff for the method, or too large
  struct Statistics {
    long steps = 0, rejected = 0, failed = 0, passes = 0, newton_iterations = 0;
    ResidualMinimiser::Statistics linear;
  };

  /// The results are the same bits for any size of the team.
  GalerkinFlow(const FlowNetwork& network, const Limits& limits, ResidualMinimiser::Choice choice,
               Team& team);

  /// The states w, one a memristor, at the time t (s).
  void start(double t, std::span<const double> w);
  /// Goes on by one step.
  Outcome step();
  [[nodiscard]] double time() const { return time_; }
  /// +1 / -1 / 0: a memristor was at its upper bound in the last step, at its lower one, or at none.
  [[nodiscard]] std::span<const std::int8_t> met() const { return met_; }
  /// The last step, for what looks into it.
  struct Step {
    bool made = false;                                                    // or the run has only begun
    double begin = 0, end = 0, h = 0;                                     // s
    const std::vector<FluxPass::Sources::Coefficients>* waves = nullptr;  // projected on it
    std::span<const double> potential;                                    // K coefficients a row, V
    /// The coefficients of φ_K and φ_{K+1} that they would have, nearly: K a row, the first two.
    std::span<const double> tail;
    std::span<const double> first, last;  // X at its beginning and end
    std::span<const double> start;        // w that the run has begun with
    double tolerance = 0;                 // of states, as it aims at
    double accuracy = 0;                  // of them, for given potentials
  };
  [[nodiscard]] Step last_step() const {
    return {.made = statistics_.steps > 0,
            .begin = last_.begin,
            .end = time_,
            .h = last_.h,
            .waves = &last_.sources,
            .potential = potential_,
            .tail = change_,
            .first = last_.flux,
            .last = flux_,
            .start = last_.start,
            .tolerance = limits_.tolerance,
            .accuracy = pass_.accuracy()};
  }
  [[nodiscard]] Statistics statistics() const;
  [[nodiscard]] ResidualMinimiser& linear() { return linear_; }

 private:
  void cut_at_corners();
  void predict();
  void add_frozen_response(const std::vector<FluxPass::Sources::Coefficients>& waves, bool with_new_factor);
  bool solve_step();
  [[nodiscard]] double error_estimate();
  void evaluate(FluxPass::Wanted wanted) {
    ++statistics_.passes;
    pass_.evaluate(h_, flux_, sources_, potential_, wanted, residual_);
  }

  const FlowNetwork& network_;
  Limits limits_;
  FluxPass pass_;
  ResidualMinimiser linear_;
  FluxPass::Sources sources_;
  bool has_factor_ = false;
  std::vector<double> flux_;                           // X at time_
  std::vector<double> potential_, residual_, change_;  // K a row
  std::vector<std::int8_t> met_;
  /// The last step; `start` is what the run has begun with, until there is one.
  struct {
    std::vector<FluxPass::Sources::Coefficients> sources;
    std::vector<double> potential;  // K a row
    std::vector<double> flux;       // X at its beginning
    std::vector<double> start;      // w
    double begin = 0;               // s
    double h = 0;                   // s; 0: there is no step before
  } last_;
  double time_ = 0;
  double h_ = 0;       // s
  double corner_ = 0;  // s, at which the present step ends; 0: at none
  struct {
    int failures = 0;  // one after the other
    double rate = 1;   // what the last iteration has left
  } newton_;
  Statistics statistics_;
};

}  // namespace memspice::network
