#pragma once

#include <vector>

#include "equations/equation_system.hpp"

namespace memspice {

/// Noise of the elements at a point, the devices' first.
[[nodiscard]] std::vector<NoiseSource> noise_sources(const EquationSystem& system, const double* y,
                                                     const double* derivative);

/// Their spectral densities there, A²/Hz.
void noise_densities(EquationSystem& system, const double* y, const double* derivative, double kelvin,
                     double hertz, std::vector<double>& density);

}  // namespace memspice
