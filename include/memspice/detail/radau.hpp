#pragma once

#include <array>
#include <cstddef>

namespace memspice::radau {

// Radau's collocation method IIA of order 5 (Hairer, Wanner: Solving Ordinary Differential Equations II,
// IV.5) on a step of length 1.

inline constexpr std::size_t stages = 3;
inline constexpr double root = 2.449489742783178098;  // √6
/// The beginning, and the nodes.
inline constexpr std::array<double, stages + 1> node{0, (4 - root) / 10, (4 + root) / 10, 1};
/// ∫₀^{node i + 1} of the j-th Lagrange polynomial of the nodes.
inline constexpr std::array<std::array<double, stages>, stages> matrix{
    {{(88 - 7 * root) / 360, (296 - 169 * root) / 1800, (-2 + 3 * root) / 225},
     {(296 + 169 * root) / 1800, (88 + 7 * root) / 360, (-2 - 3 * root) / 225},
     {(16 - root) / 36, (16 + root) / 36, 1.0 / 9}}};

/// The polynomial through values at the beginning and at the nodes, by Newton's divided differences.
class Cubic {
 public:
  Cubic() = default;
  explicit Cubic(const std::array<double, stages + 1>& value) : difference_(value) {
    for (std::size_t order = 1; order <= stages; ++order)
      for (std::size_t i = stages; i >= order; --i)
        difference_[i] = (difference_[i] - difference_[i - 1]) / (node[i] - node[i - order]);
  }
  double operator()(double tau) const {
    return difference_[0] +
           tau * (difference_[1] + (tau - node[1]) * (difference_[2] + (tau - node[2]) * difference_[3]));
  }

 private:
  std::array<double, stages + 1> difference_{};
};

/// The weights of values at the beginning and at the nodes in the value of their cubic at τ.
constexpr std::array<double, stages + 1> weights_at(double tau) {
  std::array<double, stages + 1> weight{};
  for (std::size_t i = 0; i <= stages; ++i) {
    weight[i] = 1;
    for (std::size_t j = 0; j <= stages; ++j)
      if (j != i) weight[i] *= (tau - node[j]) / (node[i] - node[j]);
  }
  return weight;
}

/// The slope of the cubic at the beginning.
constexpr double slope_at_begin(double begin, const std::array<double, stages>& value) {
  double slope = 0;
  for (std::size_t i = 1; i <= stages; ++i) {
    double weight = 1 / node[i];
    for (std::size_t j = 1; j <= stages; ++j)
      if (j != i) weight *= -node[j] / (node[i] - node[j]);
    slope += weight * (value[i - 1] - begin);
  }
  return slope;
}

/// What the parabola through the values at the nodes has at the beginning, less what is there.
constexpr double miss_at_begin(const std::array<double, stages + 1>& value) {
  double sum = -value[0];
  for (std::size_t i = 1; i <= stages; ++i) {
    double weight = 1;
    for (std::size_t j = 1; j <= stages; ++j)
      if (j != i) weight *= -node[j] / (node[i] - node[j]);
    sum += weight * value[i];
  }
  return sum;
}

/// Newton's step for x_i = begin + Σ_j matrix_ij f_j(x_j), f and their slopes being those of the step.
inline std::array<double, stages> newton_change(double begin, const std::array<double, stages>& x,
                                                const std::array<double, stages>& f,
                                                const std::array<double, stages>& slope) {
  std::array<double, stages> r{};
  for (std::size_t i = 0; i < stages; ++i) {
    r[i] = begin - x[i];
    for (std::size_t j = 0; j < stages; ++j) r[i] += matrix[i][j] * f[j];
  }
  if (slope[0] == 0 && slope[1] == 0 && slope[2] == 0) return r;
  std::array<std::array<double, stages>, stages> m{};
  for (std::size_t i = 0; i < stages; ++i)
    for (std::size_t j = 0; j < stages; ++j) m[i][j] = (i == j ? 1 : 0) - matrix[i][j] * slope[j];
  const double a = m[1][1] * m[2][2] - m[1][2] * m[2][1];
  const double b = m[1][2] * m[2][0] - m[1][0] * m[2][2];
  const double c = m[1][0] * m[2][1] - m[1][1] * m[2][0];
  const double inverse = 1 / (m[0][0] * a + m[0][1] * b + m[0][2] * c);
  return {inverse * (r[0] * a + r[1] * (m[0][2] * m[2][1] - m[0][1] * m[2][2]) +
                     r[2] * (m[0][1] * m[1][2] - m[0][2] * m[1][1])),
          inverse * (r[0] * b + r[1] * (m[0][0] * m[2][2] - m[0][2] * m[2][0]) +
                     r[2] * (m[0][2] * m[1][0] - m[0][0] * m[1][2])),
          inverse * (r[0] * c + r[1] * (m[0][1] * m[2][0] - m[0][0] * m[2][1]) +
                     r[2] * (m[0][0] * m[1][1] - m[0][1] * m[1][0]))};
}

}  // namespace memspice::radau
