#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice {

/// A value of a waveform as the reference describes it.
struct WaveformValue {
  std::string_view name;
  std::string_view unit;           // "source": that of the source, V or A
  std::string_view default_value;  // as the reference says it; empty: the deck must give it
  std::string_view help;           // one line
};

/// A waveform of V and I sources. Where its kind counts cycles, the last value is their number.
struct Waveform {
  std::string_view name;     // lower case
  std::string_view aliases;  // other spellings, separated by blanks
  SourceFunction::Kind kind;
  std::vector<WaveformValue> values;  // in the order of the card
};

/// All waveforms, in the order of the reference.
std::span<const Waveform> waveforms();
/// nullptr when there is none of this name.
const Waveform* find_waveform(std::string_view name);

}  // namespace memspice
