#pragma once

#include <vector>

#include "equations/equation_system.hpp"

namespace memspice {

/// Noise of the elements at a point, the devices' first. Without a point: which there is, but not how that of
/// devices enters.
[[nodiscard]] std::vector<NoiseSource> noise_sources(const EquationSystem& system, const double* y = nullptr,
                                                     const double* derivative = nullptr);

/// Their spectral densities there, A²/Hz.
void noise_densities(EquationSystem& system, const double* y, const double* derivative, double kelvin,
                     double hertz, std::vector<double>& density);

}  // namespace memspice
