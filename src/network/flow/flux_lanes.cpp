#include "network/flow/flux_lanes.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

constexpr std::size_t lanes = FluxLanes::count, lane_nodes = FluxLanes::nodes;
using LaneTables = StepTables<FluxLanes::Q>;

/// The law, lane by lane: R̂, its slope by X and the drift a.
struct CurrentControl {
  static double resistance(double x, double excess) { return std::sqrt(std::max(1 + 2 * excess * x, 0.01)); }
  static double slope(double r, double excess) { return excess / r; }
  static double drift(double x, double r) { return 2 * x * r / (1 + r); }
  static double drift_slope(double r) { return 2 - 1 / r; }
  static double limit(double excess) { return 1 + excess / 2; }
};
struct VoltageControl {
  static double resistance(double x, double excess) { return std::max(1 + excess * x, 0.1); }
  static double slope(double, double excess) { return excess; }
  static double drift(double x, double) { return x; }
  static double drift_slope(double) { return 1; }
  static double limit(double) { return 1; }
};

/// X at the nodes and at the end without the drift.
void follow_voltage(FluxLanes& b, const LaneTables& tables) {
  for (std::size_t e = 0; e < lanes; ++e) {
    b.end[e] = b.begin[e] - b.gain[e] * b.voltage[0][e];
    for (std::size_t m = 0; m < lane_nodes; ++m) {
      double flux = 0;
      for (std::size_t j = 0; j < FluxLanes::D; ++j) flux += tables.psi[m][j] * b.voltage[j][e];
      b.x[m][e] = b.begin[e] - b.gain[e] * flux;
    }
  }
}

/// Adds the drift: collocation by Newton's method, whose linear equations are solved by iteration.
template <class Law>
void add_drift(FluxLanes& b, const LaneTables& tables) {
  constexpr int sweeps = 2;
  // An iteration gains a factor of |α| h, the second sweep squares what the first has reached.
  const int rounds = std::clamp(static_cast<int>(std::ceil(15 / std::log(1 / b.largest_drift))), 2, 7);
  FluxLanes::Lanes<lane_nodes> base = b.x;
  for (std::size_t e = 0; e < lanes; ++e) {
    const double a = b.drive[e] * Law::drift(b.begin[e], Law::resistance(b.begin[e], b.excess[e]));
    for (std::size_t m = 0; m < lane_nodes; ++m) b.x[m][e] = base[m][e] + tables.node[m] * a;
  }
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    for (std::size_t m = 0; m < lane_nodes; ++m)
      for (std::size_t e = 0; e < lanes; ++e) {
        const double r = Law::resistance(b.x[m][e], b.excess[e]);
        b.drift[m][e] = b.drive[e] * Law::drift(b.x[m][e], r);
        b.slope[m][e] = b.drive[e] * Law::drift_slope(r);
      }
    for (int round = 0; round < rounds; ++round)
      for (std::size_t e = 0; e < lanes; ++e) {
        double x[lane_nodes];
        for (std::size_t m = 0; m < lane_nodes; ++m) {
          x[m] = base[m][e];
          for (std::size_t l = 0; l < lane_nodes; ++l) x[m] += tables.collocation[m][l] * b.drift[l][e];
        }
        for (std::size_t m = 0; m < lane_nodes; ++m) {
          b.drift[m][e] += b.slope[m][e] * (x[m] - b.x[m][e]);
          b.x[m][e] = x[m];
        }
      }
  }
  for (std::size_t e = 0; e < lanes; ++e)
    for (std::size_t m = 0; m < lane_nodes; ++m) b.end[e] += tables.weight[m] * b.drift[m][e];
}

/// How far the lanes stay from their bounds, less what may happen between the nodes.
template <class Law>
void find_room(FluxLanes& b) {
  for (std::size_t e = 0; e < lanes; ++e) {
    double least = std::min(b.begin[e], b.end[e]), most = std::max(b.begin[e], b.end[e]);
    for (std::size_t m = 0; m < lane_nodes; ++m) {
      least = std::min(least, b.x[m][e]);
      most = std::max(most, b.x[m][e]);
    }
    double swing = 0;
    for (std::size_t j = 1; j < FluxLanes::D; ++j) swing += std::abs(b.voltage[j][e]);
    const double margin =
        FluxStep<FluxLanes::Q>::near_bound * (std::abs(b.gain[e]) * swing + std::abs(b.drive[e] * most));
    b.room[e] = std::min(least, Law::limit(b.excess[e]) - most) - margin;
  }
}

template <class Law>
void find_moments(FluxLanes& b, const LaneTables& tables) {
  constexpr std::size_t K = FluxLanes::K, D = FluxLanes::D;
  for (std::size_t e = 0; e < lanes; ++e) {
    double mean = 0;
    std::array<double, D> current{};
    std::array<double, K * K> jacobian{};
    for (std::size_t m = 0; m < lane_nodes; ++m) {
      const double r = Law::resistance(b.x[m][e], b.excess[e]);
      const double g = 1 / r;
      double v = 0;
      for (std::size_t j = 0; j < D; ++j) v += tables.phi[m][j] * b.voltage[j][e];
      const double weighted = g * tables.weight[m];
      const double i = v * weighted;
      const double by_state = b.gain[e] * Law::slope(r, b.excess[e]) * i * g;
      mean += weighted;
      for (std::size_t j = 0; j < D; ++j) current[j] += tables.phi[m][j] * i;
      for (std::size_t l = 0; l < K; ++l) {
        const double by_potential = weighted * tables.phi[m][l] + by_state * tables.psi[m][l];
        for (std::size_t j = 0; j < K; ++j) jacobian[j * K + l] += tables.phi[m][j] * by_potential;
      }
    }
    b.mean[e] = mean * std::abs(b.conductance[e]);
    for (std::size_t j = 0; j < D; ++j) b.current[j][e] = current[j] * b.conductance[e];
    for (std::size_t j = 0; j < K; ++j)
      for (std::size_t l = 0; l < K; ++l)
        b.jacobian[j * K + l][e] = jacobian[j * K + l] * static_cast<double>(2 * j + 1) * b.conductance[e];
  }
}

template <class Law>
void integrate_as(FluxLanes& b, bool moments) {
  const LaneTables& tables = LaneTables::get();
  follow_voltage(b, tables);
  if (b.largest_drift > 0) add_drift<Law>(b, tables);
  find_room<Law>(b);
  if (moments) find_moments<Law>(b, tables);
}

#ifdef __x86_64__
/// The same for processors of the last ten years: four lanes in a register, and fused multiplications.
[[gnu::target("avx2,fma"), gnu::flatten]] void integrate_wide(FluxLanes& b, bool moments) {
  if (b.voltage_control)
    integrate_as<VoltageControl>(b, moments);
  else
    integrate_as<CurrentControl>(b, moments);
}
const bool has_wide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif

}  // namespace

void FluxLanes::integrate(bool moments) {
#ifdef __x86_64__
  if (has_wide) return integrate_wide(*this, moments);
#endif
  if (voltage_control)
    integrate_as<VoltageControl>(*this, moments);
  else
    integrate_as<CurrentControl>(*this, moments);
}

}  // namespace memspice::network
