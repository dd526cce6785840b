#include "network/flow/flow_states.hpp"

#include <algorithm>

namespace memspice::network {

namespace {

constexpr std::size_t most_numbers = 1 << 20;  // in a block, if half of its rows have room there

}  // namespace

std::span<const double> FlowStates::find(double t) {
  const auto next = std::ranges::upper_bound(expected_, t);
  const bool expected = next != expected_.begin() && *(next - 1) == t;
  Block& block = expected ? rows_ : others_;
  auto place = std::find(block.t.begin(), block.t.begin() + static_cast<std::ptrdiff_t>(block.found), t);
  const std::size_t count = which_.size();
  if (place == block.t.begin() + static_cast<std::ptrdiff_t>(block.found)) {
    const std::size_t most =
        std::clamp<std::size_t>(most_numbers / (count + 1), block.t.size() / 2, block.t.size());
    block.found = 0;
    block.t[block.found++] = t;
    for (auto time = next; expected && time != expected_.end() && block.found < most; ++time)
      block.t[block.found++] = *time;
    block.states.resize(std::max(block.states.size(), count * block.found));
    engine_.find_states(std::span(block.t).first(block.found), which_, block.states);
    place = block.t.begin();
  }
  return std::span(block.states).subspan(static_cast<std::size_t>(place - block.t.begin()) * count, count);
}

}  // namespace memspice::network
