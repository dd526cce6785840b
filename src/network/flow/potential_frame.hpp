#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "network/flow/flow_network.hpp"

namespace memspice::network {

/// Potentials over a step, interpolated between instants τ_i at which they are known: Newton's polynomial
///
///     p(τ) = Σ_i [τ_0 … τ_i]p Π_{j<i} (τ - τ_j).
class PotentialFrame {
 public:
  static constexpr std::size_t most = 12;  // instants

  void clear() { count_ = 0; }
  [[nodiscard]] std::size_t size() const { return count_; }
  /// The instants, in the order in which they were added.
  [[nodiscard]] std::span<const double> instants() const { return std::span(tau_).first(count_); }
  /// Whether τ lies between instants.
  [[nodiscard]] bool spans(double tau) const;
  /// Adds the potentials at as many instants as there are τ, no more than three, V: p, three a row.
  void add(std::span<const double> tau, std::span<const double> p);
  /// The potential of a row at τ, V.
  [[nodiscard]] double value(double tau, std::size_t row) const;
  /// Adds those of all rows to p, three a row, at those of the τ that lie between instants.
  void find(const Instants& tau, std::span<double> p) const;
  /// What the polynomial through these values, one for each instant, errs about between them, if its terms go
  /// on falling off as they do.
  [[nodiscard]] double error_through(std::span<const double> values) const;
  /// The places of those of these times that instants are worth most at, no more than `count`: they go on
  /// with a Leja sequence, whose polynomials are as good as those of Chebyshev's points.
  [[nodiscard]] std::vector<std::size_t> choose(std::span<const double> tau, std::size_t count) const;

 private:
  using Products = std::array<double, most>;  // Π_{j<i} (τ - τ_j)
  [[nodiscard]] Products products_at(double tau) const;
  void find_reach();

  std::size_t count_ = 0;
  std::array<double, most> tau_{};
  Products reach_{};                // the largest that the products are between the instants
  std::vector<double> difference_;  // divided, `most` a row
};

}  // namespace memspice::network
