#pragma once

#include <array>
#include <cstddef>

#include "memspice/dual.hpp"

namespace memspice {

/// The local Jacobian [[g, flow], [e, d]] of one instance with nb branches after elimination of its nu
/// internal unknowns; row by row.
template <std::size_t nb, std::size_t nu>
struct LocalBlock {
  std::array<double, nb * nb> conductance;  // g - flow d⁻¹ e
  std::array<double, nb * nu> flow;         // ∂current/∂x
  std::array<double, nu * nu> inverse;      // d⁻¹
  std::array<double, nu * nb> response;     // d⁻¹ e
  double held;                              // g of the first branch

  /// With g in `conductance`, and `flow`: finds the rest. False when d is singular.
  bool eliminate(const std::array<double, nu * nu>& d, const std::array<double, nu * nb>& e) {
    if (!invert<nu>(d, inverse)) return false;
    for (std::size_t j = 0; j < nu; ++j) {
      for (std::size_t i = 0; i < nb; ++i) {
        double sum = 0;
        for (std::size_t m = 0; m < nu; ++m) sum += inverse[j * nu + m] * e[m * nb + i];
        response[j * nb + i] = sum;
      }
    }
    for (std::size_t i = 0; i < nb; ++i)
      for (std::size_t j = 0; j < nb; ++j)
        for (std::size_t m = 0; m < nu; ++m)
          conductance[i * nb + j] -= flow[i * nu + m] * response[m * nb + j];
    return true;
  }

  /// d⁻¹ b.
  [[nodiscard]] std::array<double, nu> solve(const double* b) const {
    std::array<double, nu> x{};
    for (std::size_t i = 0; i < nu; ++i)
      for (std::size_t j = 0; j < nu; ++j) x[i] += inverse[i * nu + j] * b[j];
    return x;
  }
};

}  // namespace memspice
