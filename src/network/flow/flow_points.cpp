#include "network/flow/flow_points.hpp"

#include <algorithm>
#include <utility>

namespace memspice::network {

FlowPoints::FlowPoints(const FlowNetwork& network, GalerkinFlow& flow, ReadSources read_sources)
    : network_(network),
      flow_(flow),
      read_sources_(std::move(read_sources)),
      solver_(network, flow.linear()) {}

void FlowPoints::expect(std::span<const double> times) {
  expected_.assign(times.begin(), times.end());
}

void FlowPoints::find(double t, double inside, std::span<double> w, std::span<double> potential) {
  const auto next = std::ranges::upper_bound(expected_, t);
  const bool expected = next != expected_.begin() && *(next - 1) == t && inside == inside_of(t);
  Block& block = expected ? rows_ : others_;
  const auto is_it = [&](const Instant& instant) { return instant.t == t && instant.inside == inside; };
  const auto end = block.instant.begin() + static_cast<std::ptrdiff_t>(block.found);
  auto place = std::find_if(block.instant.begin(), end, is_it);
  if (place == end) {
    block.found = 0;
    block.instant[block.found++] = {t, inside};
    for (auto time = next; expected && time != expected_.end() && block.found < most; ++time)
      block.instant[block.found++] = {*time, inside_of(*time)};
    for (std::size_t c = block.found; c < most; ++c) block.instant[c] = block.instant[c - 1];
    solve(block);
    place = block.instant.begin();
  }
  const auto c = static_cast<std::size_t>(place - block.instant.begin());
  std::copy_n(block.states.begin() + static_cast<std::ptrdiff_t>(c * w.size()), w.size(), w.begin());
  for (std::size_t row = 0; row < potential.size(); ++row) potential[row] = block.potential[row * most + c];
}

void FlowPoints::solve(Block& block) {
  const std::size_t count = network_.memristors.size();
  block.states.resize(count * most);
  block.potential.resize(network_.rows * most);
  given_.conductance.resize(count * most);
  given_.memristor_emf.resize(count * most);
  given_.resistor_emf.resize(network_.resistors.size() * most);
  given_.injected.resize(network_.injections.size() * most);
  for (std::size_t c = 0; c < most; ++c) {
    const Instant& at = block.instant[c];
    const std::span<double> w = std::span(block.states).subspan(c * count, count);
    if (c < block.found)
      flow_.states(at.t, w);
    else
      std::ranges::copy(std::span(block.states).subspan((c - 1) * count, count), w.begin());
    for (std::size_t k = 0; k < count; ++k)
      given_.conductance[k * most + c] = network_.conductance[k] / (1 + network_.excess[k] * w[k]);
    flow_.potentials(at.t, block.potential, most, c);
    read_sources_(at.t, at.inside, c, given_);
  }
  solver_.solve(given_, block.potential);
}

}  // namespace memspice::network
