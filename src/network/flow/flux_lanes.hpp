#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "network/flow/flux_step.hpp"

namespace memspice::network {

/// Memristors side by side over one step, those that meet no bound. Filled by its owner down to `voltage`;
/// lanes behind the last memristor are idle.
struct FluxLanes {
  static constexpr std::size_t count = 32;
  static constexpr std::size_t Q = 2;
  static constexpr std::size_t K = FluxStep<Q>::K, D = FluxStep<Q>::D, nodes = FluxStep<Q>::nodes;
  static constexpr double small_drift = 0.1;  // |α| h, up to which the drift is found by a short iteration
  template <std::size_t n>
  using Lanes = std::array<std::array<double, count>, n>;

  std::size_t used = 0;
  bool voltage_control = false;
  bool mixed = false;  // controls, or a drift that is not small: to be integrated one by one
  double largest_drift = 0;
  double accuracy = 1e-13;  // of what the drift does, as a part of X
  std::array<double, count> begin, excess, gain, drive, conductance;  // X, ξ, c h, α h, s
  Lanes<D> voltage;                                                   // V, coefficients

  std::array<double, count> end;       // X
  std::array<double, count> room;      // to the nearer bound, where it is least; < 0: too near
  std::array<double, count> mean;      // conductance, S
  Lanes<nodes> drift;                  // α h a at the nodes, where |α| h > 0
  Lanes<D> current;                    // as in FluxMoments
  Lanes<K * K> jacobian;               // the same, row by row
  std::array<std::int8_t, count> met;  // the same

  /// What is wanted beside the ends.
  enum class Wanted {
    ends,
    currents,
    jacobian
  };  // moments of the currents, and how these depend on potentials
  /// As if no lane met a bound.
  void integrate(Wanted wanted);
  /// +1 / -1: a memristor that begins at its upper, lower bound stays there; 0: it does not.
  [[nodiscard]] std::int8_t held(std::size_t e) const;
};

}  // namespace memspice::network
