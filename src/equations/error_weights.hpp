#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "memspice/circuit.hpp"
#include "memspice/population.hpp"

namespace memspice {

/// What the integrator may err in each unknown: weight = 1 / (reltol × largest magnitude so far + absolute
/// tolerance), and next to nothing where there is no error: potentials of index 2, and states held at a bound
/// (docs/numerics.md).
class ErrorWeights {
 public:
  /// `rows` potentials come first in y; `behind_inductors` are those of index 2.
  ErrorWeights(const Circuit& circuit, std::size_t rows, std::vector<std::uint32_t> behind_inductors);
  /// The next auxiliary unknown behind the potentials; `tolerance` is absolute, in place of the quantity's.
  void add(Quantity quantity, std::optional<double> tolerance = {});
  /// The internal unknowns of a population, y[first] and up; populations in ascending order.
  void add(const DeviceType& type, const Population& population, std::size_t first);

  /// `weight`: one an unknown.
  void weights(const double* y, double* weight);
  /// Brings the weights in line with the states that the last residual found held.
  void mask_held(double* weight);

 private:
  [[nodiscard]] double weight_of(std::size_t i) const;

  struct Internal {
    const DeviceType* type;
    const Population* population;
    std::size_t first;
  };

  const Options& options_;
  double strictness_;
  std::vector<double> largest_;       // by unknown: largest magnitude so far
  std::vector<double> absolute_;      // by unknown: absolute tolerance
  std::vector<std::uint8_t> masked_;  // by unknown: its weight is the negligible one, for being held
  std::vector<std::uint32_t> behind_inductors_;
  std::vector<Internal> internals_;
};

}  // namespace memspice
