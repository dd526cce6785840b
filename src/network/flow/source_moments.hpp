#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "network/flow/flow_network.hpp"

namespace memspice::network {

/// The shared waves of a network on one step, projected to polynomials: [wave][coefficient of φ_j].
template <std::size_t D>
class SourceMoments {
 public:
  using Coefficients = std::array<double, D>;

  explicit SourceMoments(const FlowNetwork& network)
      : network_(network), coefficients_(network.waves.size()) {}

  /// Projects all waves on [t, t + h]. Returns how far the integrals of those with corners, or of sines that
  /// the polynomials do not resolve, are from those of polynomials of degree `kept` within the step, in
  /// changes of states.
  double project(double t, double h, std::size_t kept);
  [[nodiscard]] const std::vector<Coefficients>& coefficients() const { return coefficients_; }
  /// Adds the coefficients of one sum.
  static void add(const SourceSums& sums, std::size_t branch, const std::vector<Coefficients>& waves,
                  Coefficients& to) {
    to[0] += sums.constant[branch];
    for (const SourceSums::Term& term : sums.of(branch))
      for (std::size_t j = 0; j < D; ++j) to[j] += term.factor * waves[term.wave][j];
  }

 private:
  double project(const SourceFunction& function, double t, double h, std::size_t kept,
                 Coefficients& coefficients);

  const FlowNetwork& network_;
  std::vector<Coefficients> coefficients_;
  std::vector<double> ends_;  // work: of the pieces
  std::vector<double> sums_;
};

extern template class SourceMoments<5>;

}  // namespace memspice::network
