#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace memspice {

using WaveformPoints = std::vector<std::pair<double, double>>;  // s and V or A; equal times are a jump

/// More points than this are refused.
inline constexpr double most_noise_points = 2e7;

/// `TRNOISE(na nt nalpha namp rtsam rtscapt rtsemt)` from 0 to `stop`: straight lines between normal numbers
/// of standard deviation `na`, `nt` seconds apart; added to them 1/f^nalpha noise, normal numbers of standard
/// deviation `namp` behind Kasdin's fractional filter; and a telegraph signal of height `rtsam` that waits on
/// average `rtscapt` seconds before it rises and `rtsemt` before it falls. Begins at 0.
WaveformPoints transient_noise(const std::array<double, 7>& values, std::uint64_t seed, double stop);

/// `TRRANDOM(type ts td p1 p2)`: a new number every `ts` seconds from `td` on, p2 before. Types: 1 uniform in
/// p2 ± p1, 2 normal of deviation p1 around p2, 3 exponential of mean p1 above p2, 4 Poisson of mean p1 above
/// p2.
WaveformPoints random_steps(const std::array<double, 7>& values, std::uint64_t seed, double stop);

}  // namespace memspice
