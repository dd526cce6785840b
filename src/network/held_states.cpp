#include "network/held_states.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

constexpr double inward_share = 1e-14;  // of the fastest rate: a drive below it does not release a held state

double least_inward(std::span<const double> rates) {
  double fastest = 0;
  for (const double rate : rates) fastest = std::max(fastest, std::abs(rate));
  return inward_share * fastest;
}

}  // namespace

void HeldStates::release_all() {
  held_.assign(held_.size(), false);
  any_ = false;
}

long HeldStates::choose(std::span<const double> states, std::span<const double> rates) {
  const double least = least_inward(rates);
  long changes = 0;
  any_ = false;
  for (std::size_t k = 0; k < states.size(); ++k) {
    const double inward = states[k] == 0 ? rates[k] : -rates[k];
    const bool hold = (states[k] == 0 || states[k] == 1) && inward <= least;
    if (hold != held_[k]) ++changes;
    held_[k] = hold;
    at_top_[k] = states[k] == 1;
    any_ = any_ || hold;
  }
  return changes;
}

void HeldStates::clamp(std::span<double> states) const {
  for (std::size_t k = 0; k < states.size(); ++k)
    states[k] = held_[k] ? std::round(states[k]) : std::clamp(states[k], 0.0, 1.0);
}

void HeldStates::margins(std::span<const double> rates, std::span<double> margin) const {
  const double least = least_inward(rates);
  for (std::size_t k = 0; k < margin.size(); ++k) margin[k] = (at_top_[k] ? -rates[k] : rates[k]) - least;
}

}  // namespace memspice::network
