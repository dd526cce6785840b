#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace memspice::network {

/// φ_0 … φ_n at τ: the Legendre polynomials on [0, 1], ∫φ_i φ_j = δ_ij / (2i + 1).
void legendre(std::size_t n, double tau, double* phi);
/// ψ_0 … ψ_n at τ: their integrals from 0.
void legendre_integrals(std::size_t n, double tau, double* psi);
/// Nodes and weights of Gauss' rule on [0, 1].
void gauss_rule(std::size_t n, double* node, double* weight);

/// How the coefficients of a polynomial on one interval become those on another: row by row, to[i] = Σ
/// T[i][j] from[j]. The new interval is [begin, begin + length] in the coordinate of the old one.
template <std::size_t K>
std::array<std::array<double, K>, K> transfer_matrix(double begin, double length) {
  constexpr std::size_t nodes = K;  // exact for degree 2K - 1
  std::array<double, nodes> node{}, weight{};
  gauss_rule(nodes, node.data(), weight.data());
  std::array<std::array<double, K>, K> transfer{};
  for (std::size_t m = 0; m < nodes; ++m) {
    std::array<double, K> here{}, there{};
    legendre(K - 1, node[m], here.data());
    legendre(K - 1, begin + length * node[m], there.data());
    for (std::size_t i = 0; i < K; ++i)
      for (std::size_t j = 0; j < K; ++j)
        transfer[i][j] += static_cast<double>(2 * i + 1) * weight[m] * here[i] * there[j];
  }
  return transfer;
}

/// The same for K coefficients a row.
template <std::size_t K>
void transfer(double begin, double length, std::span<double> coefficients) {
  const auto matrix = transfer_matrix<K>(begin, length);
  for (std::size_t row = 0; row < coefficients.size(); row += K) {
    std::array<double, K> to{};
    for (std::size_t i = 0; i < K; ++i)
      for (std::size_t j = 0; j < K; ++j) to[i] += matrix[i][j] * coefficients[row + j];
    std::ranges::copy(to, coefficients.begin() + static_cast<std::ptrdiff_t>(row));
  }
}

/// What a step needs whose potentials have degree Q: voltages have degree Q + 2 (the sources are projected to
/// it), a device is looked at Q + 2 Gauss nodes.
template <std::size_t Q>
struct StepTables {
  static constexpr std::size_t potentials = Q + 1;  // coefficients of a potential
  static constexpr std::size_t voltages = Q + 3;    // of a voltage
  static constexpr std::size_t nodes = Q + 2;

  std::array<double, nodes> node{}, weight{};
  std::array<std::array<double, voltages>, nodes> phi{}, psi{};  // at the nodes
  /// ∫₀^{node m} of the l-th Lagrange polynomial of the nodes.
  std::array<std::array<double, nodes>, nodes> collocation{};
  /// Coefficients of τ^i in φ_j.
  std::array<std::array<double, voltages>, voltages> monomial{};

  StepTables();
  static const StepTables& get() {
    static const StepTables tables;
    return tables;
  }
};

template <std::size_t Q>
StepTables<Q>::StepTables() {
  gauss_rule(nodes, node.data(), weight.data());
  for (std::size_t m = 0; m < nodes; ++m) {
    legendre(voltages - 1, node[m], phi[m].data());
    legendre_integrals(voltages - 1, node[m], psi[m].data());
  }
  for (std::size_t m = 0; m < nodes; ++m)
    for (std::size_t l = 0; l < nodes; ++l)
      for (std::size_t j = 0; j < nodes; ++j)
        collocation[m][l] += static_cast<double>(2 * j + 1) * weight[l] * phi[l][j] * psi[m][j];
  monomial[0][0] = 1;
  monomial[1][0] = -1;
  monomial[1][1] = 2;
  for (std::size_t j = 1; j + 1 < voltages; ++j) {
    for (std::size_t i = 0; i < voltages; ++i) {
      const double shifted = (i > 0 ? 2 * monomial[j][i - 1] : 0) - monomial[j][i];
      monomial[j + 1][i] =
          (static_cast<double>(2 * j + 1) * shifted - static_cast<double>(j) * monomial[j - 1][i]) /
          static_cast<double>(j + 1);
    }
  }
}

}  // namespace memspice::network
