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
  std::array<double, count> begin, excess, gain, drive, conductance;  // X, ξ, c h, α h, s
  Lanes<D> voltage;                                                   // V, coefficients

  std::array<double, count> end;       // X
  std::array<double, count> room;      // to the nearer bound, where it is least; < 0: too near
  std::array<double, count> mean;      // conductance, S
  Lanes<D> current;                    // as in FluxMoments
  Lanes<K * K> jacobian;               // the same, row by row
  std::array<std::int8_t, count> met;  // the same
  Lanes<nodes> x, drift, slope;        // work: at the nodes

  /// The ends, as if no lane met a bound; with the moments of the currents, or without them.
  void integrate(bool moments);
};

}  // namespace memspice::network
