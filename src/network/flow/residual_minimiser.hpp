#pragma once

#include <span>
#include <vector>

#include "network/flow/factor_age.hpp"
#include "network/flow/flux_pass.hpp"
#include "solver/laplacian_preconditioner.hpp"

namespace memspice::network {

/// The linear systems of a step: GCR with an approximate inverse of an older Laplacian, which solves all
/// columns of the potentials at once; the vectors of the last few iterations are kept orthogonal.
class ResidualMinimiser {
 public:
  using Choice = LaplacianPreconditioner::Choice;
  ResidualMinimiser(const FlowNetwork& network, FluxPass& pass, Choice choice, Team& team);

  /// What x with J x = residual is by the approximate inverse alone; valid until the next call.
  std::span<const double> foresee(std::span<const double> residual);
  /// Finds x, J being that of the last evaluation, from what has just been foreseen for the residual, which
  /// is used up. True when the preconditioned residual has fallen to `reduction` of the first one.
  bool solve(std::span<double> residual, std::span<double> x, double reduction);
  /// One solution with the approximate inverse alone.
  void precondition(std::span<const double> residual, std::span<double> x) { inverse_.solve(residual, x); }
  /// Factorises the Laplacian of these conductances of memristors, S. False: it is not positive definite.
  bool factorise(std::span<const double> conductance);
  /// Whether the iterations that an older factor has cost are worth a new one.
  [[nodiscard]] bool is_stale() const { return age_.is_stale(inverse_); }

  struct Statistics {
    long iterations = 0;
    long factorisations = 0;
  };
  [[nodiscard]] Statistics statistics() const { return statistics_; }
  [[nodiscard]] LaplacianPreconditioner& inverse() { return inverse_; }

 private:
  static constexpr std::size_t kept = 6;
  static constexpr int most_iterations = 25;

  template <class A, class B>
  [[nodiscard]] double dot(const A& a, const B& b);
  template <class Work>
  void for_all(const Work& work) {
    constexpr std::size_t at_once = 65536;  // numbers, by one of the team
    team_.share_ranges(new_answer_.size(), at_once, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) work(i);
    });
  }

  const FlowNetwork& network_;
  FluxPass& pass_;
  Team& team_;
  LaplacianPreconditioner inverse_;
  std::vector<std::vector<float>> direction_, answer_;  // as many as have been needed
  std::vector<double> answer_norm_;                     // squared
  std::vector<double> new_direction_, new_answer_;
  std::vector<double> sums_;  // work: of parts
  FactorAge age_;
  Statistics statistics_;
};

}  // namespace memspice::network
