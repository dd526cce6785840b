#include "analysis/network/omega_diagnosis.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "analysis/solution/memristor_states.hpp"
#include "analysis/solution/start.hpp"
#include "network/closed_form.hpp"

namespace memspice {

namespace {

constexpr double perturbation = 1e-8;  // of every state, up and down in turn; at a bound inwards
constexpr int instants = 1000;         // at which the runs are compared

double largest_difference(std::span<const double> a, std::span<const double> b) {
  double largest = 0;
  for (std::size_t k = 0; k < a.size(); ++k) largest = std::max(largest, std::abs(a[k] - b[k]));
  return largest;
}

std::vector<double> initial_states(const Circuit& circuit, std::span<const std::uint32_t> memristors) {
  const EquationSystem system(circuit, EquationSystem::Mode::transient);
  const Solution start = initial_guess(system);
  std::vector<double> states;
  for (const std::size_t i : state_indices(system, memristors)) states.push_back(start.y[i]);
  return states;
}

}  // namespace

OmegaDiagnosis diagnose_omega(const Circuit& circuit, const TransientCard& card) {
  using network::ClosedForm;
  ClosedForm reference(circuit, card);
  ClosedForm loose(circuit, card, 100 * ClosedForm::default_tolerance);
  ClosedForm perturbed(circuit, card);
  std::vector<double> states = initial_states(circuit, reference.memristors());
  reference.start(0, states);
  loose.start(0, states);
  double change = perturbation;
  for (double& w : states) {
    w += w + change < 0 || w + change > 1 ? -change : change;
    change = -change;
  }
  perturbed.start(0, states);
  OmegaDiagnosis diagnosis;
  for (int n = 1; n <= instants; ++n) {
    const double t = n == instants ? card.stop : card.stop * n / instants;
    for (ClosedForm* each : {&reference, &loose, &perturbed}) each->advance(t);
    diagnosis.difference =
        std::max(diagnosis.difference, largest_difference(loose.states(), reference.states()));
    diagnosis.amplification = std::max(
        diagnosis.amplification, largest_difference(perturbed.states(), reference.states()) / perturbation);
  }
  return diagnosis;
}

}  // namespace memspice
