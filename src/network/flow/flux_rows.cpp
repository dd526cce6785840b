#include "network/flow/flux_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "network/flow/flux_step.hpp"

namespace memspice::network {

namespace {

constexpr std::size_t row_lanes = FluxLanes::count, row_nodes = FluxLanes::nodes;
constexpr std::size_t most_rows = FluxRows::at_once;
using RowTables = StepTables<FluxLanes::Q>;
/// States of a block of memristors, time by time.
using RowStates = std::array<std::array<double, row_lanes>, most_rows>;

/// What a time makes of the step's polynomials: ∫₀^τ of φ_j, and of Lagrange's polynomials of nodes.
struct RowWeights {
  std::array<double, FluxLanes::D> psi{};
  std::array<double, row_nodes> lagrange{};

  explicit RowWeights(double tau) {
    const RowTables& tables = RowTables::get();
    legendre_integrals(FluxLanes::D - 1, tau, psi.data());
    for (std::size_t m = 0; m < row_nodes; ++m)
      for (std::size_t j = 0; j < row_nodes; ++j)
        lagrange[m] += static_cast<double>(2 * j + 1) * tables.weight[m] * tables.phi[m][j] * psi[j];
  }
};

/// X(τ) = X(0) - c h ∫₀^τ V + Σ_m α h a(X_m) ∫₀^τ ℓ_m, and the states that it stands for.
void follow_lanes(const FluxLanes& b, const RowWeights& weights, std::array<double, row_lanes>& w) {
  for (std::size_t e = 0; e < row_lanes; ++e) {
    double flux = 0;
    for (std::size_t j = 0; j < FluxLanes::D; ++j) flux += weights.psi[j] * b.voltage[j][e];
    w[e] = b.begin[e] - b.gain[e] * flux;
  }
  if (b.largest_drift > 0)
    for (std::size_t m = 0; m < row_nodes; ++m)
      for (std::size_t e = 0; e < row_lanes; ++e) w[e] += weights.lagrange[m] * b.drift[m][e];
  if (!b.voltage_control)
    for (std::size_t e = 0; e < row_lanes; ++e)
      w[e] = 2 * w[e] / (1 + std::sqrt(std::max(1 + 2 * b.excess[e] * w[e], 0.0)));
  for (std::size_t e = 0; e < row_lanes; ++e) w[e] = std::min(std::max(w[e], 0.0), 1.0);
}

#ifdef __x86_64__
[[gnu::target("avx2,fma"), gnu::flatten]] void follow_lanes_wide(const FluxLanes& b,
                                                                 const RowWeights& weights,
                                                                 std::array<double, row_lanes>& w) {
  follow_lanes(b, weights, w);
}
const bool rows_have_wide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif

void follow_any(const FluxLanes& b, const RowWeights& weights, std::array<double, row_lanes>& w) {
#ifdef __x86_64__
  if (rows_have_wide) return follow_lanes_wide(b, weights, w);
#endif
  follow_lanes(b, weights, w);
}

}  // namespace

FluxRows::FluxRows(const FlowNetwork& network, const GalerkinFlow& flow)
    : network_(network), flow_(flow), all_(network.memristors.size()), sources_(network) {
  std::iota(all_.begin(), all_.end(), 0U);
}

void FluxRows::find(std::span<const double> times, std::span<const std::uint32_t> memristors,
                    std::span<double> w) {
  const GalerkinFlow::Step step = flow_.last_step();
  const std::size_t count = memristors.size();
  for (std::size_t r = 0; r < times.size();) {
    const std::span<double> rest = w.subspan(r * count);
    if (step.made && times[r] > step.begin && times[r] < step.end) {
      r += find_within(step, times.subspan(r), memristors, rest);
      continue;
    }
    const std::span<const double> flux = times[r] >= step.end ? step.last : step.first;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t k = memristors[i];
      rest[i] = step.made ? network_.law(k).state(flux[k]) : step.start[k];
    }
    ++r;
  }
}

bool FluxRows::has_smooth_sources() {
  const GalerkinFlow::Step step = flow_.last_step();
  return sources_.project(step.begin, step.h, FluxPass::Q) == 0;
}

/// Projects the sources on a beginning of the step. Whether their integrals are those of the whole step's
/// polynomials: not behind corners that the step goes over.
bool FluxRows::keeps_sources(const GalerkinFlow::Step& step, double length) {
  constexpr double negligible = 1e-3;  // of the tolerance
  sources_.project(step.begin, length, FluxPass::Q);
  std::array<double, D> psi{};
  legendre_integrals(D - 1, length / step.h, psi.data());
  double largest = 0;
  for (std::size_t s = 0; s < network_.waves.size(); ++s) {
    double lost = sources_.coefficients()[s][0] * length;
    for (std::size_t j = 0; j < D; ++j) lost -= step.h * (*step.waves)[s][j] * psi[j];
    largest = std::max(largest, std::abs(lost) * network_.waves[s].largest_effect);
  }
  return largest <= negligible * step.tolerance;
}

/// As many of the first of these times as one pass takes, all within the step. Returns how many.
std::size_t FluxRows::find_within(const GalerkinFlow::Step& step, std::span<const double> times,
                                  std::span<const std::uint32_t> memristors, std::span<double> w) {
  std::array<double, at_once> tau{};
  std::size_t found = 0;
  for (; found < std::min(tau.size(), times.size()) && times[found] < step.end; ++found) {
    const double length = times[found] - step.begin;
    if (!keeps_sources(step, length)) break;
    tau[found] = length / step.h;
  }
  if (found > 0) {
    evaluate({step.h, step.first, *step.waves, step.potential, step.accuracy}, std::span(tau).first(found),
             memristors, w);
    return found;
  }
  const double length = times.front() - step.begin, end = 1;
  std::vector<double> potential(step.potential.begin(), step.potential.end());
  transfer<K>(0, length / step.h, potential);
  evaluate({length, step.first, sources_.coefficients(), potential, step.accuracy}, {&end, 1}, memristors, w);
  return 1;
}

void FluxRows::evaluate(const Part& part, std::span<const double> tau,
                        std::span<const std::uint32_t> memristors, std::span<double> w) const {
  static thread_local FluxLanes b;
  RowStates states;
  const std::vector<RowWeights> weights(tau.begin(), tau.end());
  for (std::size_t first = 0; first < memristors.size(); first += row_lanes) {
    const auto block = memristors.subspan(first, std::min(row_lanes, memristors.size() - first));
    gather(part, block, b);
    if (!b.mixed) {
      b.integrate(FluxLanes::Wanted::ends);
      for (std::size_t r = 0; r < tau.size(); ++r) follow_any(b, weights[r], states[r]);
    }
    for (std::size_t e = 0; e < b.used; ++e) {
      if (!b.mixed && b.room[e] > 0) continue;
      std::array<double, at_once> alone{};
      follow_alone(part, block[e], b, e, tau, alone);
      for (std::size_t r = 0; r < tau.size(); ++r) states[r][e] = alone[r];
    }
    for (std::size_t r = 0; r < tau.size(); ++r)
      std::copy_n(states[r].begin(), b.used,
                  w.begin() + static_cast<std::ptrdiff_t>(r * memristors.size() + first));
  }
}

/// One that may meet a bound, piece by piece.
void FluxRows::follow_alone(const Part& part, std::uint32_t memristor, const FluxLanes& b, std::size_t e,
                            std::span<const double> tau, std::span<double> w) const {
  const std::int8_t bound = b.mixed ? std::int8_t{0} : b.held(e);
  if (bound != 0) {
    std::ranges::fill(w, bound > 0 ? 1.0 : 0.0);
    return;
  }
  const FluxLaw law = network_.law(memristor);
  std::array<double, D> voltage{};
  for (std::size_t j = 0; j < D; ++j) voltage[j] = b.voltage[j][e];
  FluxStep<FluxPass::Q>(law, part.h, voltage.data()).follow(b.begin[e], tau, w.first(tau.size()));
  for (double& x : w.first(tau.size())) x = law.state(x);
}

void FluxRows::gather(const Part& part, std::span<const std::uint32_t> memristors, FluxLanes& b) const {
  b.used = memristors.size();
  b.voltage_control = network_.law(memristors.front()).voltage_control;
  b.accuracy = part.accuracy;
  b.mixed = false;
  b.largest_drift = 0;
  for (std::size_t e = 0; e < row_lanes; ++e) {
    const std::size_t k = memristors[std::min(e, b.used - 1)];
    const FluxLaw& law = network_.law(k);
    b.begin[e] = part.begin[k];
    b.excess[e] = law.excess;
    b.gain[e] = law.gain * part.h;
    b.drive[e] = law.alpha * part.h;
    b.mixed |= law.voltage_control != b.voltage_control;
    b.largest_drift = std::max(b.largest_drift, std::abs(b.drive[e]));
    Sources::Coefficients v{};
    Sources::add(network_.memristor_emf, k, part.waves, v);
    const double* plus = part.potential.data() + std::size_t{network_.memristors.plus[k]} * K;
    const double* minus = part.potential.data() + std::size_t{network_.memristors.minus[k]} * K;
    for (std::size_t j = 0; j < K; ++j) v[j] += plus[j] - minus[j];
    for (std::size_t j = 0; j < D; ++j) b.voltage[j][e] = v[j];
  }
  b.mixed |= b.largest_drift > FluxLanes::small_drift;
}

}  // namespace memspice::network
