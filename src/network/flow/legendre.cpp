#include "network/flow/legendre.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace memspice::network {

void legendre(std::size_t n, double tau, double* phi) {
  const double x = 2 * tau - 1;
  phi[0] = 1;
  if (n > 0) phi[1] = x;
  for (std::size_t j = 1; j < n; ++j) {
    const auto order = static_cast<double>(j);
    phi[j + 1] = ((2 * order + 1) * x * phi[j] - order * phi[j - 1]) / (order + 1);
  }
}

void legendre_integrals(std::size_t n, double tau, double* psi) {
  const double x = 2 * tau - 1;
  psi[0] = tau;
  double before = 1, here = x;  // φ_{j-1}, φ_j
  for (std::size_t j = 1; j <= n; ++j) {
    const auto order = static_cast<double>(j);
    const double next = ((2 * order + 1) * x * here - order * before) / (order + 1);
    psi[j] = (next - before) / (2 * (2 * order + 1));
    before = here;
    here = next;
  }
}

void gauss_rule(std::size_t n, double* node, double* weight) {
  for (std::size_t i = 0; i < n; ++i) {
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (static_cast<double>(n) + 0.5));
    double slope = 1;
    for (int iteration = 0; iteration < 50; ++iteration) {
      double before = 1, here = x;
      for (std::size_t j = 1; j < n; ++j) {
        const auto order = static_cast<double>(j);
        const double next = ((2 * order + 1) * x * here - order * before) / (order + 1);
        before = here;
        here = next;
      }
      slope = static_cast<double>(n) * (x * here - before) / (x * x - 1);
      const double change = here / slope;
      x -= change;
      if (std::abs(change) < 1e-16) break;
    }
    node[n - 1 - i] = (1 + x) / 2;
    weight[n - 1 - i] = 1 / ((1 - x * x) * slope * slope);
  }
}

}  // namespace memspice::network
