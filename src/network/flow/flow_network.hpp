#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "memspice/circuit.hpp"
#include "network/flow/flux_law.hpp"

namespace memspice::network {

/// Instants whose potentials are found in one pass: so many numbers a row of the vectors that hold them.
inline constexpr std::size_t instants_at_once = 3;
using Instants = std::array<double, instants_at_once>;

/// A time function that several sources share: each is a multiple of it, besides a constant.
struct SharedWave {
  SourceFunction function;
  double largest_effect = 0;  // 1/s: what 1 V of it does at most to a state, by the devices that it drives
};

/// For each of a list of branches a sum of shared waves and a constant: EMFs, or injected currents.
struct SourceSums {
  struct Term {
    std::uint32_t wave = 0;
    double factor = 0;
  };
  std::vector<double> constant;      // V or A, by branch
  std::vector<std::uint32_t> begin;  // by branch and one more, in terms
  std::vector<Term> terms;

  [[nodiscard]] std::span<const Term> of(std::size_t branch) const {
    return std::span(terms).subspan(begin[branch], begin[branch + 1] - begin[branch]);
  }
  [[nodiscard]] std::size_t size() const { return constant.size(); }
};

/// The two rows between which a branch lies.
struct FlowEnds {
  std::vector<std::uint32_t> plus, minus;
  [[nodiscard]] std::size_t size() const { return plus.size(); }
};

/// A network as its integrator sees it: linear memristors, resistors and current sources between potentials
/// that voltage sources no longer tie; their EMFs stand in the branches. Row 0 is ground. A branch of a
/// potential difference p_plus - p_minus has the voltage p_plus - p_minus + EMF.
struct FlowNetwork {
  std::size_t rows = 0;  // potentials, ground's included
  std::vector<SharedWave> waves;

  FlowEnds memristors;
  SourceSums memristor_emf;
  std::vector<FluxLaw> laws;          // many memristors share one
  std::vector<std::uint32_t> law_of;  // by memristor
  [[nodiscard]] const FluxLaw& law(std::size_t k) const { return laws[law_of[k]]; }
  /// Of the next memristor.
  void add_law(const FluxLaw& law) {
    constexpr std::size_t looked_at = 16;  // of the last ones: a network of a few models has no more
    const std::size_t first = laws.size() > looked_at ? laws.size() - looked_at : 0;
    const auto found = std::find(laws.begin() + static_cast<std::ptrdiff_t>(first), laws.end(), law);
    law_of.push_back(static_cast<std::uint32_t>(found - laws.begin()));
    if (found == laws.end()) laws.push_back(law);
  }

  FlowEnds resistors;
  std::vector<double> resistor_conductance;  // S
  SourceSums resistor_emf;

  FlowEnds injections;  // current sources: from plus through the source to minus
  SourceSums injected;
};

}  // namespace memspice::network
