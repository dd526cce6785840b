#include "analysis/transient/network_stretch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "network/flow/collocation_engine.hpp"
#include "network/flow/galerkin_engine.hpp"

namespace memspice {

namespace {

LaplacianPreconditioner::Choice choice_of(LinearSolver solver) {
  using Choice = LaplacianPreconditioner::Choice;
  if (solver == LinearSolver::automatic) return Choice::automatic;
  return solver == LinearSolver::gradients ? Choice::gradients : Choice::factor;
}

/// To wake a thread takes some microseconds, which a part of a small network is done in.
std::size_t threads_for(const network::FlowNetwork& network, std::size_t wanted) {
  constexpr std::size_t large = 50000;  // memristors
  if (network.memristors.size() < large) return 1;
  return wanted > 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

std::unique_ptr<network::FlowEngine> engine_of(const Options& options, const NetworkStretch::Wanted& wanted,
                                               CircuitFlow& circuit, Team& team) {
  if (circuit.devices.empty())
    return std::make_unique<network::GalerkinEngine>(
        circuit.network,
        network::GalerkinFlow::Limits{.tolerance = options.reltol,
                                      .stop = wanted.stop,
                                      .longest = wanted.longest_step,
                                      .every_corner = wanted.rows.observed},
        choice_of(options.solver), team);
  return std::make_unique<network::CollocationEngine>(
      circuit.network, std::move(circuit.devices),
      network::CollocationFlow::Limits{.relative = options.reltol,
                                       .absolute = options.state_tolerance(),
                                       .stop = wanted.stop,
                                       .longest = wanted.longest_step},
      choice_of(options.solver), team);
}

}  // namespace

NetworkStretch::NetworkStretch(EquationSystem& system, const Wanted& wanted, double t, const Solution& at)
    : system_(system),
      rows_({wanted.rows.potentials, wanted.rows.observed}),
      circuit_(flow_network_of(system)),
      demands_(network_demands(system, circuit_, wanted.rows)),
      team_(threads_for(circuit_.network, wanted.threads)),
      engine_(engine_of(system.circuit().options, wanted, circuit_, team_)),
      states_of_rows_(*engine_, demands_.memristors),
      points_(circuit_.network, *engine_, demands_.some, states_of_rows_),
      point_(at),
      states_(circuit_.states.size()) {
  for (std::size_t k = 0; k < states_.size(); ++k) states_[k] = at.y[circuit_.states[k]];
  engine_->start(t, states_);
}

bool NetworkStretch::step() {
  if (engine_->step() != network::FlowEngine::Outcome::advanced) return false;
  points_.forget();
  states_of_rows_.forget();
  if (rows_.observed) system_.path().note_met(circuit_.states, engine_->met());
  return true;
}

const Solution& NetworkStretch::at(double t, double inside) {
  find_point(t, inside);
  find_slopes(t);
  return point_;
}

const Solution& NetworkStretch::row_at(double t, double inside) {
  if (rows_.potentials && demands_.all) return at(t, inside);
  find_states(t);
  if (rows_.potentials) find_some(t, inside);
  return point_;
}

const Solution& NetworkStretch::states_at(double t) {
  engine_->find_states({&t, 1}, engine_->all(), states_);
  for (std::size_t k = 0; k < states_.size(); ++k) point_.y[circuit_.states[k]] = states_[k];
  return point_;
}

bool NetworkStretch::find(double t) {
  const double inside = network::inside_of(t);
  if (rows_.potentials && demands_.all) {
    find_point(t, inside);
  } else {
    find_states(t);
    if (rows_.potentials) find_some(t, inside);
  }
  if (rows_.observed) find_slopes(t);
  return true;
}

const Solution& NetworkStretch::settle(double, const Solution& at) {
  point_ = at;
  return point_;
}

void NetworkStretch::find_states(double t) {
  const std::span<const double> states = states_of_rows_.find(t);
  const std::vector<std::uint32_t>& memristors = states_of_rows_.which();
  for (std::size_t i = 0; i < states.size(); ++i) point_.y[circuit_.states[memristors[i]]] = states[i];
}

void NetworkStretch::find_point(double t, double inside) {
  points_.find(t, inside, states_, std::span(point_.y).first(circuit_.network.rows));
  system_.sources().enter_segment(inside);
  system_.points().go_to(t);
  for (std::size_t k = 0; k < states_.size(); ++k) point_.y[circuit_.states[k]] = states_[k];
}

void NetworkStretch::find_some(double t, double inside) {
  points_.find_some(t, inside, std::span(point_.y).first(circuit_.network.rows));
  if (!demands_.with_offsets) return;
  system_.sources().enter_segment(inside);
  system_.points().go_to(t);
}

/// Of the states of the point.
void NetworkStretch::find_slopes(double t) {
  residual_.resize(system_.size());
  std::ranges::fill(point_.derivative, 0.0);
  system_.residual(t, point_.y.data(), point_.derivative.data(), 1, residual_.data());
  for (const std::size_t state : circuit_.states) point_.derivative[state] = -residual_[state];
}

void NetworkPart::report(const Circuit& circuit, SolverStatistics& statistics) {
  if (stretch) keep();
  const bool chosen = !solver_reason.empty();
  const bool wanted = circuit.options.integrator == Integrator::network;
  statistics.reason =
      chosen ? fmt::format("{}; {}", wanted ? "asked for" : "it covers all elements", solver_reason)
             : why_not_network(circuit).value_or("");
  if (chosen && !left) {
    statistics.factorisation = factorises ? "cholesky" : "gradients";
    statistics.factor_nonzeros = static_cast<std::size_t>(entries);
  }
  statistics.integrator = stretch ? "network"
                          : left  ? fmt::format("network to {:.6g} s, then ida", *left)
                                  : "ida";
  statistics.steps += done.steps;
  statistics.failed_steps += done.rejected + done.failed;
  statistics.residuals += done.passes;
  statistics.newton_iterations += done.newton_iterations;
  statistics.factorisations += static_cast<std::size_t>(done.factorisations);
  statistics.solves += static_cast<std::size_t>(done.iterations);
}

}  // namespace memspice
