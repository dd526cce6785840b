#include "network/flow/flow_points.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

FlowPoints::FlowPoints(const FlowNetwork& network, FlowEngine& engine, const AskedPotentials& some,
                       FlowStates& saved)
    : network_(network),
      engine_(engine),
      some_(some),
      errors_(network, engine, some),
      solver_(network, engine.inverse()) {
  if (saved.which().size() < network.memristors.size())
    own_states_.emplace(engine, std::vector(engine.all().begin(), engine.all().end()));
  FlowStates& all = own_states_ ? *own_states_ : saved;
  if (all.room() >= 2 * columns) states_ = &all;
}

void FlowPoints::expect(std::span<const double> times) {
  expected_.assign(times.begin(), times.end());
  forget();
}

void FlowPoints::forget() {
  rows_.found = others_.found = 0;
  if (own_states_) own_states_->forget();
  chosen_.clear();
  frame_.corrections.clear();
  frame_.made = frame_.exact = false;
  errors_.forget();
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
  find_given(block);
  solve(block, 1);
  return {block, 0};
}

/// Solves some of the expected points, until what lies between can be interpolated, or no longer gets better.
void FlowPoints::spread() {
  constexpr double no_better = 0.5, at_bends = 5;
  constexpr double largest_amplification = 8;  // of errors by a polynomial through so many points
  frame_.made = true;
  if (expected_.size() <= columns || !engine_.last_step().made) return;
  errors_.prepare();
  if (errors_.exact()) return;
  const bool smooth = engine_.has_smooth_sources(), bends = engine_.bends();
  Mistake before;
  while (frame_.corrections.size() < PotentialFrame::most) {
    const std::vector<double> next = choose_instants();
    if (next.empty()) return;
    // No row lies between instants where each is one.
    const bool all = frame_.corrections.size() + next.size() == expected_.size();
    const Mistake mistake = add_instants(next, all ? 1 : largest_amplification);
    if (all) return;
    // What has been foreseen so well is foreseen better with these, as all potentials are. Not where curves
    // bend: between these points they may lie further off.
    double reduction = bends ? at_bends : 1;
    if (!bends && before.all > 0) reduction = std::min(mistake.all / before.all, 1.0);
    double left = mistake.asked * reduction;
    if (smooth && !bends) left = std::min(left, errors_.left_between(frame_.corrections));
    frame_.exact = smooth && left <= 1;
    if (left <= 1 || (frame_.corrections.size() > 6 && mistake.all > no_better * before.all)) return;
    before = mistake;
  }
}

/// The expected times that instants are worth most at, s, ascending. The first are nearly never enough, so
/// that the states of the next are found along with theirs.
std::vector<double> FlowPoints::choose_instants() {
  if (chosen_.empty()) {
    std::vector<double> tau(expected_.size());
    std::ranges::transform(expected_, tau.begin(), [&](double t) { return tau_of(t); });
    const std::size_t known = frame_.corrections.size();
    for (const std::size_t i : frame_.corrections.choose(
             tau, std::min(known == 0 ? 2 * columns : columns, PotentialFrame::most - known)))
      chosen_.push_back(expected_[i]);
    if (own_states_) {
      std::vector<double> times = chosen_;
      std::ranges::sort(times);
      own_states_->expect(times);
    }
  }
  const auto end = chosen_.begin() + static_cast<std::ptrdiff_t>(std::min(columns, chosen_.size()));
  std::vector<double> next(chosen_.begin(), end);
  chosen_.erase(chosen_.begin(), end);
  std::ranges::sort(next);
  return next;
}

/// Solves these points to what they may err, divided by `amplified`, and adds them to those between which
/// others are interpolated. Returns by how much they had been mistaken.
FlowPoints::Mistake FlowPoints::add_instants(std::span<const double> times, double amplified) {
  Block& block = others_;
  for (block.found = 0; block.found < times.size(); ++block.found)
    block.instant[block.found] = {times[block.found], inside_of(times[block.found])};
  block.to_rounding = false;
  prepare(block);
  if (states_ != nullptr)
    take_given(block);
  else
    find_given(block);
  // What the step's polynomials lack has nearly the same shape all over the step.
  if (frame_.corrections.size() > 0) solver_.approach(given_, mistaken_, block.potential);
  solve(block, amplified);
  Mistake mistake;
  Instants tau{};
  for (std::size_t c = 0; c < columns; ++c) tau[c] = tau_of(block.instant[c].t);
  mistaken_ = lacking_;
  frame_.corrections.find(tau, mistaken_);  // what was foreseen
  for (std::size_t i = 0; i < mistaken_.size(); ++i) {
    lacking_[i] = block.potential[i] - lacking_[i];
    mistaken_[i] -= block.potential[i];
    mistake.all = std::max(mistake.all, std::abs(mistaken_[i]));
  }
  mistake.asked = errors_.measure(mistaken_);
  frame_.corrections.add(std::span(tau).first(block.found), lacking_);
  block.found = 0;
  return mistake;
}

/// The guess that a solution begins with.
void FlowPoints::prepare(Block& block) {
  for (std::size_t c = block.found; c < columns; ++c) block.instant[c] = block.instant[c - 1];
  block.potential.resize(network_.rows * columns);
  Instants tau{};
  for (std::size_t c = 0; c < columns; ++c) tau[c] = tau_of(block.instant[c].t);
  engine_.foresee(tau, block.potential);
  if (&block == &others_) lacking_ = block.potential;
  frame_.corrections.find(tau, block.potential);
}

/// States, conductances and sources at the instants.
void FlowPoints::find_given(Block& block) {
  const std::size_t count = network_.memristors.size();
  find_sources(block);
  // What nobody asks for makes room for the conductances.
  std::vector<double>& states = block.to_rounding ? block.states : given_.conductance;
  states.resize(count * columns);
  given_.conductance.resize(count * columns);
  std::array<double, columns> times{};
  for (std::size_t c = 0; c < columns; ++c) times[c] = block.instant[c].t;
  engine_.find_states(times, engine_.all(), states);
  for (std::size_t c = 0; c < columns; ++c)
    engine_.find_conductances(std::span(states).subspan(c * count, count),
                              std::span(given_.conductance).subspan(c * count, count));
}

/// The same, with the states that are kept.
void FlowPoints::take_given(const Block& block) {
  const std::size_t count = network_.memristors.size();
  find_sources(block);
  given_.conductance.resize(count * columns);
  for (std::size_t c = 0; c < columns; ++c)
    engine_.find_conductances(states_->find(block.instant[c].t),
                              std::span(given_.conductance).subspan(c * count, count));
}

void FlowPoints::find_sources(const Block& block) {
  given_.waves.resize(network_.waves.size());
  for (std::size_t s = 0; s < given_.waves.size(); ++s)
    for (std::size_t c = 0; c < columns; ++c)
      given_.waves[s][c] = network_.waves[s].function.value(block.instant[c].t, block.instant[c].inside);
}

void FlowPoints::solve(Block& block, double amplified) {
  if (!block.to_rounding) errors_.prepare();
  if (block.to_rounding || errors_.exact())
    solver_.solve(given_, block.potential);
  else
    solver_.solve(
        given_, [&](std::span<const double> error) { return amplified * errors_.measure(error); },
        block.potential);
}

}  // namespace memspice::network
