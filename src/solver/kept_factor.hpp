#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace memspice {

class Team;

/// The Cholesky factor of a weighted Laplacian, kept in single precision as a preconditioner: solved for
/// several right sides at once, it moves a quarter of the bytes.
///
/// Life cycle: construct; factorise(); solve() as often as wanted. Row 0 is ground and has no equation.
class KeptFactor {
 public:
  /// `rows`: ground's included; branch k lies between the rows plus[k] and minus[k], which may be the same.
  KeptFactor(std::size_t rows, std::span<const std::uint32_t> plus, std::span<const std::uint32_t> minus,
             Team& team);
  ~KeptFactor();
  KeptFactor(const KeptFactor&) = delete;
  KeptFactor& operator=(const KeptFactor&) = delete;

  /// Number of entries of the factor and of multiplications that it takes, as its ordering predicts.
  [[nodiscard]] double entries() const;
  /// What it takes in memory while it is made: in double precision, and packed.
  static constexpr double bytes_per_entry = 12;
  [[nodiscard]] bool fits() const;
  [[nodiscard]] double flops() const;
  /// Factorises the Laplacian of these conductances (S, by branch). False when it is not positive definite.
  /// Throws SimulationError when the factor does not fit into memory.
  bool factorise(std::span<const double> conductance);
  /// Solves for three right sides, row by row; x may be the right side. Ground's are 0.
  void solve(std::span<const double> right, std::span<double> x);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace memspice
