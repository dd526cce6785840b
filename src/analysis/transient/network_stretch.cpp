#include "analysis/transient/network_stretch.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace memspice {

NetworkStretch::NetworkStretch(EquationSystem& system, const Wanted& wanted, double t, const Solution& at)
    : system_(system),
      wanted_(wanted),
      circuit_(flow_network_of(system, wanted.step, wanted.stop)),
      flow_(circuit_.network, {.tolerance = system.circuit().options.reltol,
                               .stop = wanted.stop,
                               .longest = wanted.longest_step,
                               .every_corner = wanted.observed}),
      point_(at),
      states_(circuit_.states.size()),
      residual_(system.size()) {
  for (std::size_t k = 0; k < states_.size(); ++k) states_[k] = at.y[circuit_.states[k]];
  flow_.start(t, states_);
}

bool NetworkStretch::step() {
  if (flow_.step() != network::GalerkinFlow::Outcome::advanced) return false;
  if (wanted_.observed) system_.path().note_met(circuit_.states, flow_.met());
  return true;
}

/// Those that it began with, bit by bit, until a step is made.
void NetworkStretch::find_states(double t) {
  if (flow_.statistics().steps == 0) return;
  flow_.states(t, states_);
  for (std::size_t k = 0; k < states_.size(); ++k) point_.y[circuit_.states[k]] = states_[k];
  flow_.potentials(t, std::span(point_.y).first(circuit_.network.rows));
}

const Solution& NetworkStretch::at(double t, double inside) {
  find_states(t);
  solve_potentials(t, inside);
  return point_;
}

bool NetworkStretch::find(double t) {
  find_states(t);
  return !wanted_.potentials || solve_potentials(t, t * (1 - 1e-12));
}

const Solution& NetworkStretch::settle(double, const Solution& at) {
  point_ = at;
  return point_;
}

/// Potentials for the states of the point: linear equations. Then the states' slopes.
bool NetworkStretch::solve_potentials(double t, double inside) {
  constexpr int most_corrections = 4;
  system_.sources().enter_segment(inside);
  std::ranges::fill(point_.derivative, 0.0);
  system_.points().hold_states(true);
  double before = infinity;
  bool settled = system_.linearise(t, point_.y.data(), point_.derivative.data(), 0);
  for (int i = 0; settled && i < most_corrections; ++i) {
    system_.residual(t, point_.y.data(), point_.derivative.data(), 1, residual_.data());
    for (double& r : residual_) r = -r;
    system_.solve(residual_.data(), 1);
    double size = 0;
    for (std::size_t row = 0; row < circuit_.network.rows; ++row) {
      point_.y[row] += residual_[row];
      size = std::max(size, std::abs(residual_[row]));
    }
    if (size >= before) break;
    before = size;
  }
  system_.points().hold_states(false);
  system_.residual(t, point_.y.data(), point_.derivative.data(), 1, residual_.data());
  for (const std::size_t state : circuit_.states) point_.derivative[state] = -residual_[state];
  return settled;
}

void NetworkPart::report(SolverStatistics& statistics) {
  if (stretch) done = stretch->statistics();
  statistics.integrator = stretch ? "network"
                          : left  ? fmt::format("network to {:.6g} s, then ida", *left)
                                  : "ida";
  statistics.steps += done.steps;
  statistics.failed_steps += done.rejected + done.failed;
  statistics.residuals += done.passes;
  statistics.newton_iterations += done.newton_iterations;
  statistics.factorisations += static_cast<std::size_t>(done.linear.factorisations);
  statistics.solves += static_cast<std::size_t>(done.linear.iterations);
}

}  // namespace memspice
