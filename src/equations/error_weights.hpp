#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "memspice/circuit.hpp"
#include "memspice/population.hpp"

namespace memspice {

/// What the integrator may err in each unknown: weight = 1 / (reltol × largest magnitude so far + absolute
/// tolerance), and next to nothing for potentials of index 2 (docs/numerics.md).
class ErrorWeights {
 public:
  /// `rows` potentials come first in y; `behind_inductors` are those of index 2.
  ErrorWeights(const Circuit& circuit, std::size_t rows, std::vector<std::uint32_t> behind_inductors);
  /// The next auxiliary unknown behind the potentials; `tolerance` is absolute, in place of the quantity's.
  void add(Quantity quantity, std::optional<double> tolerance = {});
  /// The internal unknowns of a population, y[first] and up; populations in ascending order.
  void add(const DeviceType& type, const Population& population, std::size_t first);

  /// Whether potentials are worth a test beside the states: not where these are bounded and passive.
  [[nodiscard]] bool tests_potentials() const { return !has_bounded_ || has_active_; }
  /// `weight`: one an unknown.
  void weights(const double* y, double* weight);

 private:
  [[nodiscard]] double weight_of(std::size_t i) const;

  struct Internal {
    const DeviceType* type;
    const Population* population;
    std::size_t first;
  };

  const Options& options_;
  double strictness_;
  std::vector<double> largest_;   // by unknown: largest magnitude so far
  std::vector<double> absolute_;  // by unknown: absolute tolerance
  std::vector<std::uint32_t> behind_inductors_;
  std::vector<Internal> internals_;
  bool has_bounded_ = false;
  bool has_active_ = false;
};

}  // namespace memspice
