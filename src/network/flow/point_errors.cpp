#include "network/flow/point_errors.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

/// Parts of what each potential and sum reaches in the step, since one among large ones is to be as exact as
/// if it stood alone.
void PointErrors::prepare() {
  if (allowed_.made) return;
  constexpr double rounding = 1e-11, rounding_of_currents = 1e-13;
  const double accuracy = some_.accuracy / 2;  // solutions err, and what is interpolated between them
  allowed_ = {};
  allowed_.made = true;
  double largest = 0;
  for (std::size_t row = 0; row < network_.rows; ++row)
    largest = std::max(largest, engine_.largest_potential(row));
  const auto allow = [&](double potential) {
    allowed_.potential = std::min(allowed_.potential, potential);
    return potential;
  };
  for (const std::size_t row : some_.asked)
    allowed_.rows.push_back(
        row == 0 ? infinity : allow(std::max(accuracy * engine_.largest_potential(row), rounding * largest)));
  if (engine_.last_step().made) find_sums();
  for (std::size_t sum = 0; sum < allowed_.sums.size(); ++sum) {
    double conductance = 0;
    for (std::size_t i = some_.sums[sum]; i < some_.sums[sum + 1]; ++i)
      conductance += std::abs(allowed_.conductance[i]);
    allowed_.sums[sum] *= accuracy;
    allow(allowed_.sums[sum] / (2 * conductance));
  }
  // Where all are asked for, to rounding, these are what they begin with.
  if (some_.asked.empty() && some_.branches.empty()) allow(accuracy * largest);
  allowed_.exact = !engine_.last_step().made || allowed_.potential < rounding_of_currents * largest;
}

/// The largest that the sums of currents reach at some instants of the last step, A, with the conductances
/// that memristors have in its middle.
void PointErrors::find_sums() {
  constexpr std::array<double, instants_at_once> instants{0, 0.5, 1};
  allowed_.sums.assign(some_.sums.size() - 1, 0.0);
  if (some_.branches.empty()) return;
  const FlowEngine::Step step = engine_.last_step();
  const double middle = 0.5 * (step.begin + step.end);
  std::vector<double> conductance(network_.memristors.size());
  if (std::ranges::any_of(some_.branches, &AskedPotentials::Branch::memristor)) {
    engine_.find_states({&middle, 1}, engine_.all(), conductance);
    engine_.find_conductances(conductance, conductance);
  }
  for (const AskedPotentials::Branch& branch : some_.branches)
    allowed_.conductance.push_back(
        branch.sign * (branch.memristor ? conductance[branch.k] : network_.resistor_conductance[branch.k]));
  for (const double tau : instants) {
    const double t = step.begin + tau * (step.end - step.begin);
    for (std::size_t sum = 0; sum < allowed_.sums.size(); ++sum) {
      double current = 0;
      for (std::size_t i = some_.sums[sum]; i < some_.sums[sum + 1]; ++i) {
        const auto& [memristor, k, sign] = some_.branches[i];
        const auto [plus, minus] = ends_of(some_.branches[i]);
        const SourceSums& emf = memristor ? network_.memristor_emf : network_.resistor_emf;
        double voltage = emf.constant[k] + engine_.foresee(tau, plus) - engine_.foresee(tau, minus);
        for (const SourceSums::Term& term : emf.of(k))
          voltage += term.factor * network_.waves[term.wave].function.value(t, inside_of(t));
        current += allowed_.conductance[i] * voltage;
      }
      allowed_.sums[sum] = std::max(allowed_.sums[sum], std::abs(current));
    }
  }
}

/// At the worst of the instants: at one they may be small by chance. So may those that are asked for: others
/// count a little too.
double PointErrors::measure(std::span<const double> error) const {
  const double by_chance = some_.asked.empty() && some_.branches.empty() ? 1 : 1e-3;
  double largest = 0;
  for (const double x : error) largest = std::max(largest, std::abs(x));
  double measured = by_chance * largest / allowed_.potential;
  for (std::size_t i = 0; i < some_.asked.size(); ++i)
    for (std::size_t c = 0; c < instants_at_once; ++c)
      measured =
          std::max(measured, std::abs(error[some_.asked[i] * instants_at_once + c]) / allowed_.rows[i]);
  for (std::size_t sum = 0; sum + 1 < some_.sums.size(); ++sum) {
    Instants of_sum{};
    for (std::size_t i = some_.sums[sum]; i < some_.sums[sum + 1]; ++i) {
      const auto [plus, minus] = ends_of(some_.branches[i]);
      for (std::size_t c = 0; c < instants_at_once; ++c)
        of_sum[c] += allowed_.conductance[i] *
                     (error[plus * instants_at_once + c] - error[minus * instants_at_once + c]);
    }
    for (const double x : of_sum) measured = std::max(measured, std::abs(x) / allowed_.sums[sum]);
  }
  return measured;
}

double PointErrors::left_between(const PotentialFrame& frame) const {
  const std::span<const double> instants = frame.instants();
  std::vector<double> value(instants.size());
  const auto potential = [&](double tau, std::size_t row) {
    return engine_.foresee(tau, row) + frame.value(tau, row);
  };
  double left = 0;
  for (std::size_t i = 0; i < some_.asked.size(); ++i) {
    std::ranges::transform(instants, value.begin(),
                           [&](double tau) { return potential(tau, some_.asked[i]); });
    left = std::max(left, frame.error_through(value) / allowed_.rows[i]);
  }
  for (std::size_t sum = 0; sum + 1 < some_.sums.size(); ++sum) {
    std::ranges::fill(value, 0.0);
    for (std::size_t i = some_.sums[sum]; i < some_.sums[sum + 1]; ++i) {
      const auto [plus, minus] = ends_of(some_.branches[i]);
      for (std::size_t k = 0; k < instants.size(); ++k)
        value[k] += allowed_.conductance[i] * (potential(instants[k], plus) - potential(instants[k], minus));
    }
    left = std::max(left, frame.error_through(value) / allowed_.sums[sum]);
  }
  return some_.asked.empty() && some_.branches.empty() ? infinity : left;
}

}  // namespace memspice::network
