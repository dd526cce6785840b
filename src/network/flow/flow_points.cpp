#include "network/flow/flow_points.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

FlowPoints::FlowPoints(const FlowNetwork& network, FlowEngine& engine, const Some& some)
    : network_(network), engine_(engine), some_(some), solver_(network, engine.inverse()) {}

/// What the potentials and sums of find_some() may err in the last step: parts of what each reaches, since
/// one among large ones is to be as exact as if it stood alone.
void FlowPoints::find_allowed() {
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
void FlowPoints::find_sums() {
  constexpr std::array<double, columns> instants{0, 0.5, 1};
  allowed_.sums.assign(some_.sums.size() - 1, 0.0);
  if (some_.branches.empty()) return;
  const FlowEngine::Step step = engine_.last_step();
  const double middle = 0.5 * (step.begin + step.end);
  std::vector<double> conductance(network_.memristors.size());
  if (std::ranges::any_of(some_.branches, &Some::Branch::memristor)) {
    engine_.find_states({&middle, 1}, engine_.all(), conductance);
    engine_.find_conductances(conductance, conductance);
  }
  for (const Some::Branch& branch : some_.branches)
    allowed_.conductance.push_back(
        branch.sign * (branch.memristor ? conductance[branch.k] : network_.resistor_conductance[branch.k]));
  for (const double tau : instants) {
    const double t = step.begin + tau * (step.end - step.begin);
    for (std::size_t sum = 0; sum < allowed_.sums.size(); ++sum) {
      double current = 0;
      for (std::size_t i = some_.sums[sum]; i < some_.sums[sum + 1]; ++i) {
        const auto& [memristor, k, sign] = some_.branches[i];
        const FlowEnds& ends = memristor ? network_.memristors : network_.resistors;
        const SourceSums& emf = memristor ? network_.memristor_emf : network_.resistor_emf;
        double voltage =
            emf.constant[k] + engine_.foresee(tau, ends.plus[k]) - engine_.foresee(tau, ends.minus[k]);
        for (const SourceSums::Term& term : emf.of(k))
          voltage += term.factor * network_.waves[term.wave].function.value(t, inside_of(t));
        current += allowed_.conductance[i] * voltage;
      }
      allowed_.sums[sum] = std::max(allowed_.sums[sum], std::abs(current));
    }
  }
}

/// How large errors of potentials (V, three a row) are beside what they may be, at the worst of the instants:
/// at one they may be small by chance. So may those that are asked for: others count a little too.
double FlowPoints::measure(std::span<const double> error) const {
  const double by_chance = some_.asked.empty() && some_.branches.empty() ? 1 : 1e-3;
  double largest = 0;
  for (const double x : error) largest = std::max(largest, std::abs(x));
  double measured = by_chance * largest / allowed_.potential;
  for (std::size_t i = 0; i < some_.asked.size(); ++i)
    for (std::size_t c = 0; c < columns; ++c)
      measured = std::max(measured, std::abs(error[some_.asked[i] * columns + c]) / allowed_.rows[i]);
  for (std::size_t sum = 0; sum + 1 < some_.sums.size(); ++sum) {
    PotentialSolver::Values of_sum{};
    for (std::size_t i = some_.sums[sum]; i < some_.sums[sum + 1]; ++i) {
      const FlowEnds& ends = some_.branches[i].memristor ? network_.memristors : network_.resistors;
      const double* plus = error.data() + ends.plus[some_.branches[i].k] * columns;
      const double* minus = error.data() + ends.minus[some_.branches[i].k] * columns;
      for (std::size_t c = 0; c < columns; ++c) of_sum[c] += allowed_.conductance[i] * (plus[c] - minus[c]);
    }
    for (const double x : of_sum) measured = std::max(measured, std::abs(x) / allowed_.sums[sum]);
  }
  return measured;
}

void FlowPoints::expect(std::span<const double> times) {
  expected_.assign(times.begin(), times.end());
  forget();
}

void FlowPoints::forget() {
  rows_.found = others_.found = 0;
  frame_.corrections.clear();
  frame_.made = frame_.exact = false;
  allowed_.made = false;
}

bool FlowPoints::is_expected(double t, double inside) const {
  return inside == inside_of(t) && std::ranges::binary_search(expected_, t);
}

void FlowPoints::find(double t, double inside, std::span<double> states, std::span<double> potential) {
  const auto [block, column] = look_up(t, inside, true);
  std::copy_n(block.states.begin() + static_cast<std::ptrdiff_t>(column * states.size()), states.size(),
              states.begin());
  for (std::size_t row = 0; row < potential.size(); ++row)
    potential[row] = block.potential[row * columns + column];
}

void FlowPoints::find_some(double t, double inside, std::span<double> potential) {
  const bool expected = is_expected(t, inside);
  if (expected && !frame_.made) spread();
  const bool solved = expected && frame_.corrections.size() == expected_.size();
  if (solved || (frame_.exact && inside == inside_of(t) && frame_.corrections.spans(tau_of(t)))) {
    const double tau = tau_of(t);
    for (const std::size_t row : some_.rows)
      potential[row] = engine_.foresee(tau, row) + frame_.corrections.value(tau, row);
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
  solve(block, 1);
  return {block, 0};
}

/// Solves some of the expected points, until what lies between can be interpolated, or no longer gets better.
void FlowPoints::spread() {
  constexpr double no_better = 0.5, at_bends = 5;
  frame_.made = true;
  if (expected_.size() <= columns || !engine_.last_step().made) return;
  if (!allowed_.made) find_allowed();
  if (allowed_.exact) return;
  const bool smooth = engine_.has_smooth_sources(), bends = engine_.bends();
  Mistake before;
  while (frame_.corrections.size() < PotentialFrame::most) {
    const std::vector<double> next = choose_instants();
    if (next.empty()) return;
    const Mistake mistake = add_instants(next);
    // What has been foreseen so well is foreseen better with these, as all potentials are. Not where curves
    // bend: between these points they may lie further off.
    double reduction = bends ? at_bends : 1;
    if (!bends && before.all > 0) reduction = std::min(mistake.all / before.all, 1.0);
    const double left = mistake.asked * reduction;
    frame_.exact = smooth && left <= 1;
    if (left <= 1 || (frame_.corrections.size() > 6 && mistake.all > no_better * before.all)) return;
    before = mistake;
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
/// they had been mistaken.
FlowPoints::Mistake FlowPoints::add_instants(std::span<const double> times) {
  constexpr double largest_amplification = 20;  // of errors by a polynomial through so many points
  Block& block = others_;
  for (block.found = 0; block.found < times.size(); ++block.found)
    block.instant[block.found] = {times[block.found], inside_of(times[block.found])};
  prepare(block);
  std::vector<double> error = block.potential;
  block.to_rounding = false;
  solve(block, largest_amplification);
  for (std::size_t i = 0; i < error.size(); ++i) error[i] -= block.potential[i];
  Mistake mistake{.asked = measure(error)};
  for (const double x : error) mistake.all = std::max(mistake.all, std::abs(x));
  for (std::size_t c = 0; c < block.found; ++c) {
    const double tau = tau_of(times[c]);
    lacking_.assign(network_.rows, 0.0);
    engine_.foresee(tau, lacking_, 1);
    for (std::size_t row = 0; row < network_.rows; ++row)
      lacking_[row] = block.potential[row * columns + c] - lacking_[row];
    frame_.corrections.add(tau, lacking_, 1);
  }
  block.found = 0;
  return mistake;
}

void FlowPoints::prepare(Block& block) {
  for (std::size_t c = block.found; c < columns; ++c) block.instant[c] = block.instant[c - 1];
  block.potential.resize(network_.rows * columns);
  for (std::size_t c = 0; c < columns; ++c) {
    const double tau = tau_of(block.instant[c].t);
    const std::span<double> potential = std::span(block.potential).subspan(c);
    if (frame_.corrections.spans(tau))
      frame_.corrections.find(tau, potential, columns);
    else
      for (std::size_t row = 0; row < network_.rows; ++row) potential[row * columns] = 0;
    engine_.foresee(tau, potential, columns);
  }
}

void FlowPoints::solve(Block& block, double amplified) {
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
  engine_.find_states(times, engine_.all(), states);
  for (std::size_t c = 0; c < columns; ++c)
    engine_.find_conductances(std::span(states).subspan(c * count, count),
                              std::span(given_.conductance).subspan(c * count, count));
  if (!block.to_rounding && !allowed_.made) find_allowed();
  if (block.to_rounding || allowed_.exact)
    solver_.solve(given_, block.potential);
  else
    solver_.solve(
        given_, [&](std::span<const double> error) { return amplified * measure(error); }, block.potential);
}

}  // namespace memspice::network
