#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

namespace memspice {

/// Inverse of a small row-major matrix by Gauss-Jordan elimination with row pivoting, from the last column to
/// the first: charges, which stand last and are explicit functions of voltages, leave most rows as they are.
/// False when it is singular.
template <std::size_t N>
bool invert(std::array<double, N * N> a, std::array<double, N * N>& inverse) {
  if constexpr (N == 1) {
    inverse[0] = 1 / a[0];
    return std::isfinite(inverse[0]);
  } else {
    inverse = {};
    for (std::size_t i = 0; i < N; ++i) inverse[i * N + i] = 1;
    for (std::size_t column = N; column-- > 0;) {
      std::size_t pivot = column;
      for (std::size_t row = 0; row < column; ++row)
        if (std::abs(a[row * N + column]) > std::abs(a[pivot * N + column])) pivot = row;
      const double scale = 1 / a[pivot * N + column];
      if (!std::isfinite(scale)) return false;
      for (std::size_t j = 0; j < N && pivot != column; ++j) {
        std::swap(a[pivot * N + j], a[column * N + j]);
        std::swap(inverse[pivot * N + j], inverse[column * N + j]);
      }
      if (scale != 1) {
        for (std::size_t j = 0; j < column; ++j) a[column * N + j] *= scale;
        for (std::size_t j = 0; j < N; ++j) inverse[column * N + j] *= scale;
      }
      for (std::size_t row = 0; row < N; ++row) {
        const double factor = a[row * N + column];
        if (row == column || factor == 0) continue;
        // What lies to the right has been eliminated and is not looked at again.
        for (std::size_t j = 0; j < column; ++j) a[row * N + j] -= factor * a[column * N + j];
        for (std::size_t j = 0; j < N; ++j) inverse[row * N + j] -= factor * inverse[column * N + j];
      }
    }
    return true;
  }
}

/// The local Jacobian [[g, flow], [e, d]] of one instance with nb branches after elimination of its nu
/// internal unknowns; row by row.
template <std::size_t nb, std::size_t nu>
struct LocalBlock {
  std::array<double, nb * nb> conductance;  // g - flow d⁻¹ e
  std::array<double, nb * nu> flow;         // ∂current/∂x
  std::array<double, nu * nu> inverse;      // d⁻¹, column by column: products with it go along registers
  std::array<double, nu * nb> response;     // d⁻¹ e
  double held;                              // g of the first branch

  /// With g in `conductance`, and `flow`: finds the rest. False when d is singular.
  bool eliminate(const std::array<double, nu * nu>& d, const std::array<double, nu * nb>& e) {
    std::array<double, nu * nu> whole;
    if (!invert<nu>(d, whole)) return false;
    for (std::size_t j = 0; j < nu; ++j)
      for (std::size_t m = 0; m < nu; ++m) inverse[m * nu + j] = whole[j * nu + m];
    response = {};
    for (std::size_t m = 0; m < nu; ++m) {
      for (std::size_t i = 0; i < nb; ++i) {
        const double entry = e[m * nb + i];
        if (entry == 0) continue;  // most are: inner equations of few branch voltages
        for (std::size_t j = 0; j < nu; ++j) response[j * nb + i] += inverse[m * nu + j] * entry;
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
    std::array<double, nu> local, x;  // in registers: nothing else may change b
    for (std::size_t j = 0; j < nu; ++j) local[j] = b[j];
    for (std::size_t i = 0; i < nu; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < nu; ++j) sum += inverse[j * nu + i] * local[j];
      x[i] = sum;
    }
    return x;
  }
};

}  // namespace memspice
