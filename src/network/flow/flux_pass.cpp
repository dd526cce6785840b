#include "network/flow/flux_pass.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

constexpr std::size_t block = FluxLanes::count;
constexpr std::size_t K = FluxPass::K, D = FluxPass::D;

}  // namespace

FluxPass::FluxPass(const FlowNetwork& network, double accuracy)
    : network_(network),
      accuracy_(accuracy),
      end_(network.memristors.size()),
      conductance_(end_.size()),
      met_(end_.size()),
      tail_(end_.size() * (D - K)),
      jacobian_(end_.size() * K * K) {}

void FluxPass::evaluate(double h, std::span<const double> begin, const Sources& sources,
                        std::span<const double> potential, Wanted wanted, std::span<double> residual) {
  std::ranges::fill(residual, 0.0);
  static thread_local FluxLanes b;
  for (std::size_t first = 0; first < end_.size(); first += block) {
    gather(first, h, begin, sources, potential, b);
    if (!b.mixed) b.integrate(wanted);
    correct(first, h, b);
    scatter(first, b, wanted, residual);
  }
  add_resistors(sources, potential, residual);
  std::fill_n(residual.begin(), K, 0.0);
}

void FluxPass::gather(std::size_t first, double h, std::span<const double> begin, const Sources& sources,
                      std::span<const double> potential, FluxLanes& b) const {
  b.used = std::min(block, end_.size() - first);
  b.voltage_control = network_.voltage_control[first] != 0;
  b.accuracy = accuracy_;
  b.mixed = false;
  b.largest_drift = 0;
  for (std::size_t e = 0; e < block; ++e) {
    const std::size_t k = first + std::min(e, b.used - 1);
    b.begin[e] = begin[k];
    b.excess[e] = network_.excess[k];
    b.gain[e] = network_.gain[k] * h;
    b.drive[e] = network_.alpha[k] * h;
    b.conductance[e] = network_.conductance[k];
    b.mixed |= (network_.voltage_control[k] != 0) != b.voltage_control;
    b.largest_drift = std::max(b.largest_drift, std::abs(b.drive[e]));
    Sources::Coefficients v{};
    Sources::add(network_.memristor_emf, k, sources.coefficients(), v);
    const double* plus = potential.data() + std::size_t{network_.memristors.plus[k]} * K;
    const double* minus = potential.data() + std::size_t{network_.memristors.minus[k]} * K;
    for (std::size_t j = 0; j < K; ++j) v[j] += plus[j] - minus[j];
    for (std::size_t j = 0; j < D; ++j) b.voltage[j][e] = v[j];
  }
  b.mixed |= b.largest_drift > FluxLanes::small_drift;
}

/// Whether a memristor stays at its bound all along: it is a resistor then.
bool FluxPass::hold(const FluxLanes& b, std::size_t e, FluxMoments<K, D>& moments) const {
  const std::int8_t bound = b.held(e);
  if (bound == 0) return false;
  const double g = b.conductance[e] / (bound < 0 ? 1 : 1 + b.excess[e]);
  moments = {};
  for (std::size_t j = 0; j < D; ++j)
    moments.current[j] = g * b.voltage[j][e] / static_cast<double>(2 * j + 1);
  for (std::size_t j = 0; j < K; ++j) moments.jacobian[j][j] = g;
  moments.conductance = std::abs(g);
  moments.end = b.begin[e];
  moments.met = bound;
  return true;
}

/// Those that may meet a bound, one by one.
void FluxPass::correct(std::size_t first, double h, FluxLanes& b) const {
  b.met.fill(0);
  for (std::size_t e = 0; e < b.used; ++e) {
    if (!b.mixed && b.room[e] > 0) continue;
    FluxMoments<K, D> moments;
    if (b.mixed || !hold(b, e, moments)) {
      std::array<double, D> voltage{};
      for (std::size_t j = 0; j < D; ++j) voltage[j] = b.voltage[j][e];
      moments = FluxStep<Q>(network_.law(first + e), h, voltage.data()).integrate(b.begin[e]);
    }
    b.end[e] = moments.end;
    b.met[e] = moments.met;
    b.mean[e] = moments.conductance;
    for (std::size_t j = 0; j < D; ++j) b.current[j][e] = moments.current[j];
    for (std::size_t j = 0; j < K; ++j) {
      for (std::size_t l = 0; l < K; ++l) b.jacobian[j * K + l][e] = moments.jacobian[j][l];
    }
  }
}

void FluxPass::scatter(std::size_t first, const FluxLanes& b, Wanted wanted, std::span<double> residual) {
  for (std::size_t e = 0; e < b.used; ++e) {
    const std::size_t k = first + e;
    end_[k] = b.end[e];
    conductance_[k] = b.mean[e];
    met_[k] = b.met[e];
    for (std::size_t j = K; j < D; ++j)
      tail_[k * (D - K) + j - K] = static_cast<float>(static_cast<double>(2 * j + 1) * b.current[j][e]);
    if (wanted == Wanted::jacobian) {
      float* jacobian = jacobian_.data() + k * K * K;
      for (std::size_t i = 0; i < K * K; ++i) jacobian[i] = static_cast<float>(b.jacobian[i][e]);
    }
    double* plus = residual.data() + std::size_t{network_.memristors.plus[k]} * K;
    double* minus = residual.data() + std::size_t{network_.memristors.minus[k]} * K;
    for (std::size_t j = 0; j < K; ++j) {
      const double moment = static_cast<double>(2 * j + 1) * b.current[j][e];
      plus[j] -= moment;
      minus[j] += moment;
    }
  }
}

void FluxPass::add_resistors(const Sources& sources, std::span<const double> potential,
                             std::span<double> residual) const {
  const auto leave = [&](const FlowEnds& ends, std::size_t k, std::size_t j, double current) {
    residual[std::size_t{ends.plus[k]} * K + j] -= current;
    residual[std::size_t{ends.minus[k]} * K + j] += current;
  };
  for (std::size_t k = 0; k < network_.resistors.size(); ++k) {
    Sources::Coefficients v{};
    Sources::add(network_.resistor_emf, k, sources.coefficients(), v);
    const double* plus = potential.data() + std::size_t{network_.resistors.plus[k]} * K;
    const double* minus = potential.data() + std::size_t{network_.resistors.minus[k]} * K;
    for (std::size_t j = 0; j < K; ++j)
      leave(network_.resistors, k, j, network_.resistor_conductance[k] * (v[j] + plus[j] - minus[j]));
  }
  for (std::size_t k = 0; k < network_.injections.size(); ++k) {
    Sources::Coefficients i{};
    Sources::add(network_.injected, k, sources.coefficients(), i);
    for (std::size_t j = 0; j < K; ++j) leave(network_.injections, k, j, i[j]);
  }
}

void FluxPass::tail(const Sources& sources, std::span<double> residual) const {
  std::ranges::fill(residual, 0.0);
  const auto leave = [&](const FlowEnds& ends, std::size_t k, std::size_t j, double current) {
    residual[std::size_t{ends.plus[k]} * K + j] -= current;
    residual[std::size_t{ends.minus[k]} * K + j] += current;
  };
  for (std::size_t k = 0; k < end_.size(); ++k)
    for (std::size_t j = 0; j < D - K; ++j) leave(network_.memristors, k, j, tail_[k * (D - K) + j]);
  for (std::size_t k = 0; k < network_.resistors.size(); ++k) {
    Sources::Coefficients v{};
    Sources::add(network_.resistor_emf, k, sources.coefficients(), v);
    for (std::size_t j = K; j < D; ++j)
      leave(network_.resistors, k, j - K, network_.resistor_conductance[k] * v[j]);
  }
  for (std::size_t k = 0; k < network_.injections.size(); ++k) {
    Sources::Coefficients i{};
    Sources::add(network_.injected, k, sources.coefficients(), i);
    for (std::size_t j = K; j < D; ++j) leave(network_.injections, k, j - K, i[j]);
  }
  std::fill_n(residual.begin(), K, 0.0);
}

void FluxPass::multiply(std::span<const double> change, std::span<double> leaving) const {
  std::ranges::fill(leaving, 0.0);
  for (std::size_t k = 0; k < end_.size(); ++k) {
    const std::size_t plus = std::size_t{network_.memristors.plus[k]} * K;
    const std::size_t minus = std::size_t{network_.memristors.minus[k]} * K;
    const float* jacobian = jacobian_.data() + k * K * K;
    std::array<double, K> difference{};
    for (std::size_t j = 0; j < K; ++j) difference[j] = change[plus + j] - change[minus + j];
    for (std::size_t j = 0; j < K; ++j) {
      double current = 0;
      for (std::size_t l = 0; l < K; ++l) current += double(jacobian[j * K + l]) * difference[l];
      leaving[plus + j] += current;
      leaving[minus + j] -= current;
    }
  }
  for (std::size_t k = 0; k < network_.resistors.size(); ++k) {
    const std::size_t plus = std::size_t{network_.resistors.plus[k]} * K;
    const std::size_t minus = std::size_t{network_.resistors.minus[k]} * K;
    for (std::size_t j = 0; j < K; ++j) {
      const double current = network_.resistor_conductance[k] * (change[plus + j] - change[minus + j]);
      leaving[plus + j] += current;
      leaving[minus + j] -= current;
    }
  }
  std::fill_n(leaving.begin(), K, 0.0);
}

double FluxPass::effect(double h, std::span<const double> change, std::size_t first) const {
  double largest = 0;
  for (std::size_t k = 0; k < end_.size(); ++k) {
    const double* plus = change.data() + std::size_t{network_.memristors.plus[k]} * K;
    const double* minus = change.data() + std::size_t{network_.memristors.minus[k]} * K;
    double sum = 0;
    for (std::size_t j = first; j < K; ++j) sum += std::abs(plus[j] - minus[j]);
    // An error of X that is made where R̂ is large grows when the device comes back: (dw/dX)^½, not dw/dX.
    const double weight =
        network_.voltage_control[k] != 0 ? 1 : std::sqrt(conductance_[k] / std::abs(network_.conductance[k]));
    const double effect = sum * weight * std::abs(network_.gain[k]);
    if (effect > largest) largest = effect;
  }
  return largest * h;
}

}  // namespace memspice::network
