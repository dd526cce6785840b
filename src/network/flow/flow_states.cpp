#include "network/flow/flow_states.hpp"

#include <algorithm>

namespace memspice::network {

namespace {

constexpr std::size_t most_numbers = 1 << 20;  // in a block, if a few times have room there

}  // namespace

std::size_t FlowStates::room() const {
  constexpr std::size_t few = FlowEngine::at_once / 4;
  return std::clamp<std::size_t>(most_numbers / (which_.size() + 1), few, rows_.t.size());
}

std::span<const double> FlowStates::find(double t) {
  const auto here = std::ranges::lower_bound(expected_, t);
  const bool expected = here != expected_.end() && *here == t;
  Block& block = expected ? rows_ : others_;
  const auto look_up = [&] {
    return static_cast<std::size_t>(
        std::find(block.t.begin(), block.t.begin() + static_cast<std::ptrdiff_t>(block.found), t) -
        block.t.begin());
  };
  const std::size_t count = which_.size();
  if (look_up() == block.found) {
    const std::size_t most = room();
    block.found = 0;
    if (!expected) block.t[block.found++] = t;
    for (auto time = expected_.size() <= most ? expected_.cbegin() : here;
         expected && time != expected_.end() && block.found < most; ++time)
      block.t[block.found++] = *time;
    block.states.resize(std::max(block.states.size(), count * block.found));
    engine_.find_states(std::span(block.t).first(block.found), which_, block.states);
  }
  return std::span(block.states).subspan(look_up() * count, count);
}

}  // namespace memspice::network
