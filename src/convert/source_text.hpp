#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "memspice/circuit.hpp"

namespace memspice::convert {

/// The time base of a deck's transient.
struct TimeBase {
  double step = 0;  // s
  double stop = 1;  // s
};

inline constexpr std::size_t most_points = 1'000'000;

/// A waveform in the spelling that all peers share, every value written out, because defaults differ. PWL
/// delays and repetitions, which they do not all know, become points up to the stop time, and a jump a ramp
/// of a millionth of it. Nothing when that takes more than most_points.
std::optional<std::string> waveform_text(SourceFunction function, const TimeBase& time);

}  // namespace memspice::convert
