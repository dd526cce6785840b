#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "memspice/circuit.hpp"
#include "memspice/population.hpp"

namespace memspice {

/// What the integrator may err in each unknown: weight = 1 / (reltol × largest magnitude so far + absolute
/// tolerance), and next to nothing where an error is harmless: potentials of index 2, and states about to
/// reach a bound or just caught there (docs/numerics.md).
class ErrorWeights {
 public:
  /// `rows` potentials come first in y; `behind_inductors` are those of index 2.
  ErrorWeights(const Circuit& circuit, std::size_t rows, std::vector<std::uint32_t> behind_inductors);
  /// The internal unknowns of a population, y[first] and up; populations in ascending order.
  void add(const DeviceType& type, const Population& population, std::size_t first);

  /// `weight`: one an unknown.
  void weights(const double* y, double* weight);
  /// The integrator's last accepted step (s) and the derivative at its end, which must outlive the next call
  /// of weights().
  void note_step(double step, std::span<const double> derivative);

 private:
  struct Internal {
    const DeviceType* type;
    const Population* population;
    std::size_t first;
  };

  const Options& options_;
  double strictness_;
  std::vector<double> largest_;     // by unknown: largest magnitude so far
  std::vector<double> absolute_;    // by unknown: absolute tolerance
  std::vector<std::uint8_t> rest_;  // by unknown: accepted steps at a bound, at most as many as matter
  std::vector<std::uint32_t> behind_inductors_;
  std::vector<Internal> internals_;
  double step_ = 0;
  std::span<const double> derivative_;
};

}  // namespace memspice
