#pragma once

#include <complex>
#include <cstddef>
#include <functional>
#include <vector>

namespace memspice {

/// `multiply(x, y)` writes M x into y, both of `size` entries. Returns up to `count` eigenvalues of M of the
/// largest magnitude: those that Arnoldi's method has found to a relative 1e-11.
std::vector<std::complex<double>> largest_eigenvalues(
    std::size_t size, std::size_t count, const std::function<void(const double* x, double* y)>& multiply);

}  // namespace memspice
