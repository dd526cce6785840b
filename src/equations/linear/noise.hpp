#pragma once

#include <complex>
#include <span>
#include <vector>

#include "equations/equation_system.hpp"

namespace memspice {

/// Noise of the elements, the devices' first.
[[nodiscard]] std::vector<NoiseSource> noise_sources(const EquationSystem& system);

/// What 1 A of each does to an output, λ being the solution of the transposed system for it.
void noise_responses(EquationSystem& system, const double* y, const double* derivative,
                     std::span<const NoiseSource> sources, std::span<const std::complex<double>> lambda,
                     std::vector<std::complex<double>>& response);

/// Their spectral densities at a point, A²/Hz.
void noise_densities(EquationSystem& system, const double* y, const double* derivative, double kelvin,
                     double hertz, std::vector<double>& density);

}  // namespace memspice
