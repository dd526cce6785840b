#include "network/flow/galerkin_engine.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace memspice::network {

namespace {

constexpr std::size_t coefficients = FluxPass::K;

/// With those coefficients that only the step's error estimate knows.
double potential_of(const GalerkinFlow::Step& step, const std::array<double, coefficients + 2>& phi,
                    std::size_t row) {
  double sum = 0;
  for (std::size_t j = 0; j < coefficients; ++j) sum += phi[j] * step.potential[row * coefficients + j];
  for (std::size_t j = 0; j < 2 && step.made; ++j)
    sum += phi[coefficients + j] * step.tail[row * coefficients + j];
  return sum;
}

std::array<double, coefficients + 2> polynomials_at(double tau) {
  std::array<double, coefficients + 2> phi{};
  legendre(coefficients + 1, tau, phi.data());
  return phi;
}

}  // namespace

FlowEngine::Statistics GalerkinEngine::statistics() const {
  const GalerkinFlow::Statistics of = flow_.statistics();
  return {of.steps,
          of.rejected,
          of.failed,
          of.passes,
          of.newton_iterations,
          of.linear.iterations,
          of.linear.factorisations};
}

void GalerkinEngine::find_conductances(std::span<const double> states, std::span<double> conductance) const {
  for (std::size_t k = 0; k < states.size(); ++k) {
    const FluxLaw& law = network_.law(k);
    conductance[k] = law.conductance / (1 + law.excess * states[k]);
  }
}

void GalerkinEngine::foresee(const Instants& tau, std::span<double> potential) const {
  const GalerkinFlow::Step step = flow_.last_step();
  std::array<std::array<double, coefficients + 2>, instants_at_once> phi{};
  std::ranges::transform(tau, phi.begin(), polynomials_at);
  for (std::size_t row = 0; row < network_.rows; ++row)
    for (std::size_t c = 0; c < instants_at_once; ++c)
      potential[row * instants_at_once + c] = potential_of(step, phi[c], row);
}

double GalerkinEngine::foresee(double tau, std::size_t row) const {
  return potential_of(flow_.last_step(), polynomials_at(tau), row);
}

double GalerkinEngine::largest_potential(std::size_t row) const {
  const std::span<const double> of_step = flow_.last_step().potential;
  double sum = 0;
  for (std::size_t j = 0; j < coefficients; ++j) sum += std::abs(of_step[row * coefficients + j]);
  return sum;
}

bool GalerkinEngine::bends() const {
  const GalerkinFlow::Step step = flow_.last_step();
  const std::span<const std::int8_t> met = flow_.met();
  for (std::size_t k = 0; k < met.size(); ++k) {
    if (met[k] == 0) continue;
    const double bound = met[k] > 0 ? network_.law(k).limit() : 0;
    if (step.first[k] != bound || step.last[k] != bound) return true;
  }
  return false;
}

}  // namespace memspice::network
