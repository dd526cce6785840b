#include "network/flow/flow_points.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

/// The potential of a row is never larger in a step, V.
double largest_potential(std::span<const double> coefficients, std::size_t row) {
  constexpr std::size_t K = FluxPass::K;
  double sum = 0;
  for (std::size_t j = 0; j < K; ++j) sum += std::abs(coefficients[row * K + j]);
  return sum;
}

/// The potentials at a time of a step as its polynomials have them, with those coefficients that only its
/// error estimate knows.
class StepPotentials {
 public:
  StepPotentials(const GalerkinFlow::Step& step, double tau) : step_(step) {
    legendre(K + 1, tau, phi_.data());
  }
  double operator()(std::size_t row) const {
    double sum = 0;
    for (std::size_t j = 0; j < K; ++j) sum += phi_[j] * step_.potential[row * K + j];
    for (std::size_t j = 0; j < 2 && step_.made; ++j) sum += phi_[K + j] * step_.tail[row * K + j];
    return sum;
  }

 private:
  static constexpr std::size_t K = FluxPass::K;
  GalerkinFlow::Step step_;
  std::array<double, K + 2> phi_{};
};

}  // namespace

FlowPoints::FlowPoints(const FlowNetwork& network, GalerkinFlow& flow, FluxRows& states, const Some& some)
    : network_(network), flow_(flow), states_(states), some_(some), solver_(network, flow.linear()) {}

/// What those of find_some() may err in the last step, V: a part of what the smallest of them reaches, since
/// one among large ones is to be as exact as if it stood alone.
double FlowPoints::tolerance() const {
  constexpr double rounding = 1e-11;
  const std::span<const double> coefficients = flow_.last_step().potential;
  double largest = 0, smallest = infinity;
  for (std::size_t row = 0; row < network_.rows; ++row)
    largest = std::max(largest, largest_potential(coefficients, row));
  for (const std::size_t row : some_.rows)
    if (row != 0) smallest = std::min(smallest, largest_potential(coefficients, row));
  return std::max(some_.accuracy * std::min(smallest, largest), rounding * largest);
}

void FlowPoints::expect(std::span<const double> times) {
  expected_.assign(times.begin(), times.end());
  forget();
}

void FlowPoints::forget() {
  rows_.found = others_.found = 0;
  frame_.corrections.clear();
  frame_.made = frame_.exact = false;
}

bool FlowPoints::is_expected(double t, double inside) const {
  return inside == inside_of(t) && std::ranges::binary_search(expected_, t);
}

double FlowPoints::tau_of(double t) const {
  const GalerkinFlow::Step step = flow_.last_step();
  return step.made ? (t - step.begin) / step.h : 1;
}

void FlowPoints::find(double t, double inside, std::span<double> w, std::span<double> potential) {
  const auto [block, column] = look_up(t, inside, true);
  std::copy_n(block.states.begin() + static_cast<std::ptrdiff_t>(column * w.size()), w.size(), w.begin());
  for (std::size_t row = 0; row < potential.size(); ++row)
    potential[row] = block.potential[row * columns + column];
}

void FlowPoints::find_some(double t, double inside, std::span<double> potential) {
  const bool expected = is_expected(t, inside);
  if (expected && !frame_.made) spread();
  const bool solved = expected && frame_.corrections.size() == expected_.size();
  if (solved || (frame_.exact && inside == inside_of(t) && frame_.corrections.spans(tau_of(t)))) {
    const StepPotentials polynomials(flow_.last_step(), tau_of(t));
    for (const std::size_t row : some_.rows)
      potential[row] = polynomials(row) + frame_.corrections.value(tau_of(t), row);
    return;
  }
  const auto [block, column] = look_up(t, inside, false);
  for (const std::size_t row : some_.rows) potential[row] = block.potential[row * columns + column];
}

/// The point, solved with the expected ones that follow it.
FlowPoints::Place FlowPoints::look_up(double t, double inside, bool to_rounding) {
  const bool expected = is_expected(t, inside);
  Block& block = expected ? rows_ : others_;
  for (std::size_t c = 0; c < block.found; ++c)
    if (block.instant[c].t == t && block.instant[c].inside == inside && (block.to_rounding || !to_rounding))
      return {block, c};
  if (expected && !frame_.made) spread();
  block.found = 0;
  block.to_rounding = to_rounding;
  block.instant[block.found++] = {t, inside};
  for (auto time = std::ranges::upper_bound(expected_, t);
       expected && time != expected_.end() && block.found < columns; ++time)
    block.instant[block.found++] = {*time, inside_of(*time)};
  prepare(block);
  solve(block, to_rounding ? 0 : tolerance());
  return {block, 0};
}

/// Solves some of the expected points, until what lies between can be interpolated, or no longer gets better.
void FlowPoints::spread() {
  constexpr double no_better = 0.5;
  frame_.made = true;
  const GalerkinFlow::Step step = flow_.last_step();
  if (expected_.size() <= columns || !step.made) return;
  const double enough = tolerance();
  if (enough == 0) return;
  const bool smooth = states_.has_smooth_sources();
  double before = 0;
  while (frame_.corrections.size() < PotentialFrame::most) {
    const std::vector<double> next = choose_instants();
    if (next.empty()) return;
    const double error = add_instants(next, enough);
    // What has been foreseen so well is foreseen better with these.
    const double left = error < before ? error * error / before : error;
    frame_.exact = smooth && left <= enough;
    if (left <= enough || (frame_.corrections.size() > 6 && error > no_better * before)) return;
    before = error;
  }
}

/// The expected times that instants are worth most at, s, ascending.
std::vector<double> FlowPoints::choose_instants() const {
  std::vector<double> tau(expected_.size());
  std::ranges::transform(expected_, tau.begin(), [&](double t) { return tau_of(t); });
  std::vector<double> times;
  for (const std::size_t i :
       frame_.corrections.choose(tau, std::min(columns, PotentialFrame::most - frame_.corrections.size())))
    times.push_back(expected_[i]);
  std::ranges::sort(times);
  return times;
}

/// Solves these points, and adds them to those between which others are interpolated. Returns by how much
/// they had been mistaken, V.
double FlowPoints::add_instants(std::span<const double> times, double tolerance) {
  Block& block = others_;
  for (block.found = 0; block.found < times.size(); ++block.found)
    block.instant[block.found] = {times[block.found], inside_of(times[block.found])};
  prepare(block);
  const std::vector<double> foreseen = block.potential;
  solve(block, tolerance);
  double error = 0;
  for (std::size_t i = 0; i < foreseen.size(); ++i)
    error = std::max(error, std::abs(foreseen[i] - block.potential[i]));
  for (std::size_t c = 0; c < block.found; ++c) {
    const StepPotentials polynomials(flow_.last_step(), tau_of(times[c]));
    for (std::size_t row = 0; row < network_.rows; ++row)
      block.potential[row * columns + c] -= polynomials(row);
    frame_.corrections.add(tau_of(times[c]), std::span(block.potential).subspan(c), columns);
  }
  block.found = 0;
  return error;
}

void FlowPoints::prepare(Block& block) {
  for (std::size_t c = block.found; c < columns; ++c) block.instant[c] = block.instant[c - 1];
  block.potential.resize(network_.rows * columns);
  for (std::size_t c = 0; c < columns; ++c) {
    const double tau = tau_of(block.instant[c].t);
    const StepPotentials polynomials(flow_.last_step(), tau);
    const std::span<double> potential = std::span(block.potential).subspan(c);
    const bool corrected = frame_.corrections.spans(tau);
    if (corrected) frame_.corrections.find(tau, potential, columns);
    for (std::size_t row = 0; row < network_.rows; ++row)
      potential[row * columns] = (corrected ? potential[row * columns] : 0) + polynomials(row);
  }
}

void FlowPoints::solve(Block& block, double tolerance) {
  const std::size_t count = network_.memristors.size();
  // What nobody asks for makes room for the conductances.
  std::vector<double>& states = block.to_rounding ? block.states : given_.conductance;
  states.resize(count * columns);
  given_.conductance.resize(count * columns);
  given_.waves.resize(network_.waves.size());
  std::array<double, columns> times{};
  for (std::size_t c = 0; c < columns; ++c) {
    const Instant& at = block.instant[c];
    times[c] = at.t;
    for (std::size_t s = 0; s < given_.waves.size(); ++s)
      given_.waves[s][c] = network_.waves[s].function.value(at.t, at.inside);
  }
  states_.find(times, states_.all(), states);
  for (std::size_t k = 0; k < count; ++k) {
    const FluxLaw& law = network_.law(k);
    for (std::size_t c = 0; c < columns; ++c)
      given_.conductance[c * count + k] = law.conductance / (1 + law.excess * states[c * count + k]);
  }
  solver_.solve(given_, tolerance, block.potential);
}

}  // namespace memspice::network
