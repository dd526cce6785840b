#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "network/flow/flux_law.hpp"
#include "network/flow/legendre.hpp"

namespace memspice::network {

/// What one memristor answers to a voltage over one step.
template <std::size_t K, std::size_t D>
struct FluxMoments {
  std::array<double, D> current{};                  // ∫φ_j i dτ, A
  std::array<std::array<double, K>, K> jacobian{};  // (2j + 1) ∂current[j]/∂V_l, S
  double conductance = 0;                           // mean of s/R̂, S
  double end = 0;                                   // X at the end
  std::int8_t met = 0;                              // +1 / -1: was at its upper, lower bound
};

/// A polynomial in τ.
template <std::size_t n>
struct PowerSeries {
  std::array<double, n> coefficient{};
  double swing = 0;  // the largest that it may be away from its mean
  double operator()(double tau) const {
    double sum = coefficient[n - 1];
    for (std::size_t i = n - 1; i-- > 0;) sum = sum * tau + coefficient[i];
    return sum;
  }
};

/// One memristor over one step of length h, exactly for a voltage Σ V_j φ_j(τ), V: piece by piece where it
/// meets or leaves a bound, and where its resistance changes too much for one quadrature.
template <std::size_t Q>
class FluxStep {
 public:
  using Tables = StepTables<Q>;
  static constexpr std::size_t K = Tables::potentials;
  static constexpr std::size_t D = Tables::voltages;
  static constexpr std::size_t nodes = Tables::nodes;
  /// Closer to a bound than this part of what the voltage can do beyond its mean a crossing is looked for.
  static constexpr double near_bound = 0.05;

  FluxStep(const FluxLaw& law, double h, const double* voltage);
  FluxMoments<K, D> integrate(double begin);
  /// X at times τ within the step, ascending.
  void follow(double begin, std::span<const double> tau, std::span<double> x);

 private:
  [[nodiscard]] double rate(double x, double tau) const {
    return drive_ * law_.drift(x) - gain_ * voltage_(tau);
  }
  [[nodiscard]] bool at_bound() const { return piece_.x <= 0 || piece_.x >= law_.limit(); }
  bool stay_at_bound();
  [[nodiscard]] double end_of_hold(double bound, double inward) const;
  double choose_end();
  void advance(double end);
  void add_free(double end);
  void add_held(double end, double bound);
  void add_quadrature(double end, const std::array<double, nodes>& resistance, bool held);
  void note_wanted(double end, bool held);
  [[nodiscard]] bool stays_inside(double end) const;
  bool stop_at_bound(double end);
  void meet(std::pair<double, double> interval, double tau, double bound);
  /// The next piece begins at a bound.
  void begin_at_bound(double at, double bound) {
    piece_ = {.begin = at, .x = bound};
    moments_.met = bound == 0 ? -1 : 1;
  }

  const Tables& tables_ = Tables::get();
  FluxLaw law_;
  double gain_;   // c h
  double drive_;  // α h
  double scale_;  // of the rates
  PowerSeries<D> voltage_;
  PowerSeries<D + 1> flux_;  // ∫₀^τ V
  /// The piece under way; below the line as advance() found it.
  struct Piece {
    double begin = 0;
    double x = 0;                         // there
    std::array<double, K> sensitivity{};  // there, -(1/ch) ∂X/∂V_j

    std::array<double, nodes> x_at{};
    double x_end = 0;
    std::array<std::array<double, K>, nodes> sensitivity_at{};
    std::array<double, K> sensitivity_end{};
  };
  Piece piece_;
  FluxMoments<K, D> moments_;
  /// What follow() has still to find, without moments.
  struct {
    bool alone = false;
    std::span<const double> tau;
    std::span<double> x;
  } wanted_;
};

extern template class FluxStep<2>;

}  // namespace memspice::network
