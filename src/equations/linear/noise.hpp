#pragma once

#include <vector>

#include "equations/equation_system.hpp"

namespace memspice {

/// Noise of the elements, the devices' first.
[[nodiscard]] std::vector<NoiseSource> noise_sources(const EquationSystem& system);

/// Their spectral densities at a point, A²/Hz.
void noise_densities(EquationSystem& system, const double* y, const double* derivative, double kelvin,
                     double hertz, std::vector<double>& density);

}  // namespace memspice
