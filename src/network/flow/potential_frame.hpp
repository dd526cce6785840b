#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace memspice::network {

/// Potentials over a step, interpolated between instants τ_i at which they are known: Newton's polynomial
///
///     p(τ) = Σ_i [τ_0 … τ_i]p Π_{j<i} (τ - τ_j).
class PotentialFrame {
 public:
  static constexpr std::size_t most = 12;  // instants

  void clear() { count_ = 0; }
  [[nodiscard]] std::size_t size() const { return count_; }
  /// Whether τ lies between instants.
  [[nodiscard]] bool spans(double tau) const;
  /// Adds the potentials at τ, V: p[row * stride].
  void add(double tau, std::span<const double> p, std::size_t stride);
  /// The potential of a row at τ, V.
  [[nodiscard]] double value(double tau, std::size_t row) const;
  /// Those of all rows: p[row * stride].
  void find(double tau, std::span<double> p, std::size_t stride) const;
  /// The places of those of these times that instants are worth most at, no more than `count`: they go on
  /// with a Leja sequence, whose polynomials are as good as those of Chebyshev's points.
  [[nodiscard]] std::vector<std::size_t> choose(std::span<const double> tau, std::size_t count) const;

 private:
  using Products = std::array<double, most>;  // Π_{j<i} (τ - τ_j)
  [[nodiscard]] Products products_at(double tau) const;
  [[nodiscard]] double sum_of(const Products& products, std::size_t row) const {
    double sum = 0;
    for (std::size_t i = 0; i < count_; ++i) sum += products[i] * difference_[row * most + i];
    return sum;
  }

  std::size_t count_ = 0;
  std::array<double, most> tau_{};
  std::vector<double> difference_;  // divided, `most` a row
};

}  // namespace memspice::network
