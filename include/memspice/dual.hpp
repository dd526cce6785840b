#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

namespace memspice {

/// A number with its exact derivatives in N directions (forward-mode differentiation). Device equations
/// templated on the number type give their local Jacobian when evaluated with it.
template <int N>
struct Dual {
  double value = 0;
  std::array<double, N> derivative{};

  Dual() = default;
  Dual(double constant) : value(constant) {}  // NOLINT(google-explicit-constructor): constants mix freely

  static Dual variable(double value, int direction, double seed = 1) {
    Dual x(value);
    x.derivative[direction] = seed;
    return x;
  }

  Dual& operator+=(const Dual& b) { return *this = *this + b; }
  Dual& operator-=(const Dual& b) { return *this = *this - b; }
  Dual& operator*=(const Dual& b) { return *this = *this * b; }
  Dual& operator/=(const Dual& b) { return *this = *this / b; }

  friend Dual operator-(Dual a) {
    a.value = -a.value;
    for (double& d : a.derivative) d = -d;
    return a;
  }
  friend Dual operator+(Dual a, const Dual& b) {
    a.value += b.value;
    for (int i = 0; i < N; ++i) a.derivative[i] += b.derivative[i];
    return a;
  }
  friend Dual operator-(Dual a, const Dual& b) {
    a.value -= b.value;
    for (int i = 0; i < N; ++i) a.derivative[i] -= b.derivative[i];
    return a;
  }
  friend Dual operator*(const Dual& a, const Dual& b) {
    Dual c(a.value * b.value);
    for (int i = 0; i < N; ++i) c.derivative[i] = a.derivative[i] * b.value + a.value * b.derivative[i];
    return c;
  }
  friend Dual operator/(const Dual& a, const Dual& b) {
    const double inverse = 1 / b.value;
    Dual c(a.value / b.value);  // the same rounding as with plain numbers
    for (int i = 0; i < N; ++i) c.derivative[i] = (a.derivative[i] - c.value * b.derivative[i]) * inverse;
    return c;
  }
  friend Dual exp(const Dual& a) { return chain(a, std::exp(a.value), std::exp(a.value)); }
  friend Dual log(const Dual& a) { return chain(a, std::log(a.value), 1 / a.value); }
  friend Dual sqrt(const Dual& a) { return chain(a, std::sqrt(a.value), 0.5 / std::sqrt(a.value)); }
  friend bool operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
  friend bool operator>(const Dual& a, const Dual& b) { return a.value > b.value; }

 private:
  static Dual chain(const Dual& a, double value, double slope) {
    Dual c(value);
    for (int i = 0; i < N; ++i) c.derivative[i] = slope * a.derivative[i];
    return c;
  }
};

/// Inverse of a small row-major matrix by Gauss-Jordan elimination with row pivoting. False when it is
/// singular.
template <std::size_t N>
bool invert(std::array<double, N * N> a, std::array<double, N * N>& inverse) {
  if constexpr (N == 1) {
    inverse[0] = 1 / a[0];
    return std::isfinite(inverse[0]);
  } else {
    inverse = {};
    for (std::size_t i = 0; i < N; ++i) inverse[i * N + i] = 1;
    for (std::size_t column = 0; column < N; ++column) {
      std::size_t pivot = column;
      for (std::size_t row = column + 1; row < N; ++row)
        if (std::abs(a[row * N + column]) > std::abs(a[pivot * N + column])) pivot = row;
      const double scale = 1 / a[pivot * N + column];
      if (!std::isfinite(scale)) return false;
      for (std::size_t j = 0; j < N; ++j) {
        std::swap(a[pivot * N + j], a[column * N + j]);
        std::swap(inverse[pivot * N + j], inverse[column * N + j]);
      }
      for (std::size_t j = 0; j < N; ++j) {
        a[column * N + j] *= scale;
        inverse[column * N + j] *= scale;
      }
      for (std::size_t row = 0; row < N; ++row) {
        if (row == column) continue;
        const double factor = a[row * N + column];
        for (std::size_t j = 0; j < N; ++j) {
          a[row * N + j] -= factor * a[column * N + j];
          inverse[row * N + j] -= factor * inverse[column * N + j];
        }
      }
    }
    return true;
  }
}

}  // namespace memspice
