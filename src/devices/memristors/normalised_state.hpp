#pragma once

#include <cmath>
#include <optional>
#include <span>

#include "memspice/device.hpp"

namespace memspice {

/// Places among the parameters of a device whose state has a unit of its own and runs from 0 to 1 inside: the
/// integrator's tolerances and bounds are then those of every other device.
struct NormalisedState {
  std::size_t given;  // the initial value in its own unit; NaN: not given
  std::size_t low;    // what 0 stands for
  std::size_t high;   // what 1 stands for
  std::size_t start;  // the initial value between 0 and 1
};

/// Sets values[start] to what is given.
inline std::optional<ParameterProblem> normalise_start(std::span<double> values,
                                                       const NormalisedState& state) {
  const double given = values[state.given], low = values[state.low], high = values[state.high];
  if (std::isnan(given) || !(high > low)) return std::nullopt;
  const double part = (given - low) / (high - low);
  constexpr double rounding = 1e-12;
  if (!(part >= -rounding && part <= 1 + rounding))
    return ParameterProblem{state.given, "the initial state is out of its bounds",
                            "it counts in the unit of the bounds; s0= counts from 0 to 1"};
  values[state.start] = std::fmin(std::fmax(part, 0.0), 1.0);
  return std::nullopt;
}

}  // namespace memspice
