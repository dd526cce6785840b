#include "analysis/transient/network_stretch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace memspice {

namespace {

network::ResidualMinimiser::Choice choice_of(LinearSolver solver) {
  using Choice = network::ResidualMinimiser::Choice;
  if (solver == LinearSolver::automatic) return Choice::automatic;
  return solver == LinearSolver::gradients ? Choice::gradients : Choice::factor;
}

/// To wake a thread takes some microseconds, which a part of a small network is done in.
std::size_t threads_for(const network::FlowNetwork& network, std::size_t wanted) {
  constexpr std::size_t large = 50000;  // memristors
  if (network.memristors.size() < large) return 1;
  return wanted > 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

NetworkStretch::NetworkStretch(EquationSystem& system, const Wanted& wanted, double t, const Solution& at)
    : system_(system),
      wanted_(wanted),
      circuit_(flow_network_of(system)),
      team_(threads_for(circuit_.network, wanted.threads)),
      flow_(circuit_.network,
            {.tolerance = system.circuit().options.reltol,
             .stop = wanted.stop,
             .longest = wanted.longest_step,
             .every_corner = wanted.observed},
            choice_of(system.circuit().options.solver), team_),
      points_(circuit_.network, flow_,
              [this](double t, double inside, std::size_t column, network::PotentialSolver::Given& given) {
                read_sources(t, inside, column, given);
              }),
      point_(at),
      states_(circuit_.states.size()) {
  for (std::size_t k = 0; k < states_.size(); ++k) states_[k] = at.y[circuit_.states[k]];
  flow_.start(t, states_);
}

bool NetworkStretch::step() {
  if (flow_.step() != network::GalerkinFlow::Outcome::advanced) return false;
  points_.forget();
  if (wanted_.observed) system_.path().note_met(circuit_.states, flow_.met());
  return true;
}

const Solution& NetworkStretch::at(double t, double inside) {
  find_point(t, inside);
  find_slopes(t);
  return point_;
}

const Solution& NetworkStretch::row_at(double t, double inside) {
  if (wanted_.potentials) return at(t, inside);
  find_states(t);
  return point_;
}

bool NetworkStretch::find(double t) {
  if (wanted_.potentials)
    find_point(t, network::FlowPoints::inside_of(t));
  else
    find_states(t);
  if (wanted_.observed) find_slopes(t);
  return true;
}

const Solution& NetworkStretch::settle(double, const Solution& at) {
  point_ = at;
  return point_;
}

void NetworkStretch::find_states(double t) {
  flow_.states(t, states_);
  for (std::size_t k = 0; k < states_.size(); ++k) point_.y[circuit_.states[k]] = states_[k];
}

void NetworkStretch::find_point(double t, double inside) {
  points_.find(t, inside, states_, std::span(point_.y).first(circuit_.network.rows));
  system_.sources().enter_segment(inside);
  system_.points().go_to(t);
  for (std::size_t k = 0; k < states_.size(); ++k) point_.y[circuit_.states[k]] = states_[k];
}

void NetworkStretch::read_sources(double t, double inside, std::size_t column,
                                  network::PotentialSolver::Given& given) {
  constexpr std::size_t columns = network::PotentialSolver::columns;
  system_.sources().enter_segment(inside);
  system_.points().go_to(t);
  const std::span<const double> offset = system_.sources().offset(), current = system_.sources().current();
  const auto read = [&](const std::vector<NodeId>& nodes, std::vector<double>& emf) {
    for (std::size_t k = 0; k < nodes.size() / 2; ++k)
      emf[k * columns + column] = offset[nodes[2 * k]] - offset[nodes[2 * k + 1]];
  };
  read(circuit_.memristor_nodes, given.memristor_emf);
  read(circuit_.resistor_nodes, given.resistor_emf);
  for (std::size_t k = 0; k < current.size(); ++k) given.injected[k * columns + column] = current[k];
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
  statistics.factorisations += static_cast<std::size_t>(done.linear.factorisations);
  statistics.solves += static_cast<std::size_t>(done.linear.iterations);
}

}  // namespace memspice
