#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "network/flow/flow_network.hpp"
#include "network/flow/flux_lanes.hpp"
#include "network/flow/flux_step.hpp"
#include "network/flow/source_moments.hpp"
#include "solver/team.hpp"

namespace memspice::network {

/// All branches of a network over one step: the moments of their currents for given potentials, and how these
/// depend on them. Potentials are polynomials of degree Q: K coefficients a row, row by row.
class FluxPass {
 public:
  static constexpr std::size_t Q = 2;
  static constexpr std::size_t K = FluxStep<Q>::K;
  static constexpr std::size_t D = FluxStep<Q>::D;
  using Sources = SourceMoments<D>;

  using Wanted = FluxLanes::Wanted;

  /// `accuracy`: of states, in one step, for given potentials. What the team computes are the same bits
  /// whatever its size.
  FluxPass(const FlowNetwork& network, double accuracy, Team& team);
  /// Once, before the first evaluation: not sooner, since a factor takes more memory while it is made.
  void allocate();

  /// Evaluates all branches over a step of length h (s) from the fluxes `begin`. `residual` receives, K a
  /// row, minus (2j + 1) times the moments of the currents that leave it (A). Without the Jacobian the one
  /// before is kept.
  void evaluate(double h, std::span<const double> begin, const Sources& sources,
                std::span<const double> potential, Wanted wanted, std::span<double> residual);
  /// What Kirchhoff's law lacks against φ_K and φ_{K+1}, in the first columns of `residual`: what the
  /// potentials would need coefficients of these degrees for.
  void tail(const Sources& sources, std::span<double> residual) const;
  /// Adds the linearisation's answer to changes of potentials: currents that leave, K a row.
  void multiply(std::span<const double> change, std::span<double> leaving) const;

  [[nodiscard]] double accuracy() const { return accuracy_; }

  // Of the last evaluation.
  [[nodiscard]] std::span<const double> end() const { return end_; }  // fluxes, by memristor
  /// Mean conductances over the step, S, by memristor; it is kept when others are asked for.
  [[nodiscard]] std::span<const double> conductance() const { return conductance_; }
  /// +1 / -1 / 0: the bound that a memristor was at last, or none.
  [[nodiscard]] std::span<const std::int8_t> met() const { return met_; }
  /// What a change of the potentials' coefficients from `first` on can change in any state within the step.
  [[nodiscard]] double effect(double h, std::span<const double> change, std::size_t first) const;

 private:
  void gather(std::size_t first, double h, std::span<const double> begin, const Sources& sources,
              std::span<const double> potential, FluxLanes& b) const;
  bool hold(const FluxLanes& b, std::size_t e, FluxMoments<K, D>& moments) const;
  void correct(std::size_t first, double h, FluxLanes& b) const;
  void store(std::size_t first, const FluxLanes& b, Wanted wanted, std::size_t of_moments);
  void collect(std::size_t from, std::size_t to, std::span<double> residual);
  void scatter(std::size_t first, const FluxLanes& b, std::span<double> residual);
  template <class Visit>
  void for_each_end(std::size_t row, const Visit& visit) const;
  void add_resistors(const Sources& sources, std::span<const double> potential,
                     std::span<double> residual) const;

  const FlowNetwork& network_;
  double accuracy_;
  Team& team_;
  /// For teams: the ends of memristors by row, in the order in which one thread comes to them, as twice the
  /// memristor, and 1 for the minus end.
  struct {
    std::vector<std::uint32_t> begin, end;
    std::vector<std::uint32_t> next;  // which of them a row takes next
    std::vector<double> moment;       // K a memristor, of some that follow each other
  } by_row_;
  std::vector<double> end_;
  std::vector<double> conductance_;
  std::vector<std::int8_t> met_;
  std::vector<float> tail_;      // (2j + 1) times the moments of the currents, j = K, K + 1, by memristor
  std::vector<float> jacobian_;  // K × K a memristor
};

}  // namespace memspice::network
